#include "autograd/ops/matmul.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/matmul/matmul.hpp"

namespace wengert {

Tensor matmul(const Tensor& a, const Tensor& b) {
  require_operands("matmul", a, b);
  if (a.shape().rank() != 2 || b.shape().rank() != 2 || a.shape()[1] != b.shape()[0]) {
    fail("matmul: takes (m, k) and (k, n), got ", a.shape(), " and ", b.shape());
  }
  if (a.dtype() != b.dtype()) fail("matmul: dtypes differ: ", a.dtype(), " and ", b.dtype());
  Tensor c = Tensor::empty(Shape({a.shape()[0], b.shape()[1]}, "matmul"), a.dtype(), a.device());
  const kernels::MatmulShape shape{a.shape()[0], a.shape()[1], b.shape()[1]};
  dispatch_floating("matmul", a.dtype(), [&](auto zero) { launch<&kernels::matmul<decltype(zero)>>(shape, a, b, c); });
  return c;
}

Var matmul(Operand a, Operand b) {
  const Tensor c = matmul(a.value, b.value);
  const auto rule = [a = Saved("matmul", a.value), b = Saved("matmul", b.value)](const Tensor& dc, const Sinks& sinks) {
    const std::int64_t m = dc.shape()[0], n = dc.shape()[1], k = b.unchecked().shape()[0];
    dispatch_floating("matmul", dc.dtype(), [&](auto zero) {
      constexpr auto product = &kernels::matmul<decltype(zero)>;
      if (sinks[0].wanted()) launch<product>(kernels::MatmulShape{m, n, k, false, true}, dc, b, sinks[0]);  // dC B^T
      if (sinks[1].wanted()) launch<product>(kernels::MatmulShape{k, m, n, true, false}, a, dc, sinks[1]);  // A^T dC
    });
  };
  return record<kernels::Matmul>(c, rule, a, b);
}

}  // namespace wengert
