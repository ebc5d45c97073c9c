#include "kernels/ops/matmul/linear.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/record_op.hpp"

namespace wengert {

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  require_operands("linear", x, weight, bias);
  const Shape &xs = x.shape(), &ws = weight.shape(), &bs = bias.shape();
  if (xs.rank() != 2 || ws.rank() != 2 || bs.rank() != 1 || xs[1] != ws[1] || ws[0] != bs[0]) {
    fail("linear: takes x (rows, in), weight (out, in) and bias (out), got ", xs, ", ", ws, " and ", bs);
  }
  if (x.dtype() != weight.dtype() || x.dtype() != bias.dtype()) {
    fail("linear: dtypes differ: x ", x.dtype(), ", weight ", weight.dtype(), ", bias ", bias.dtype());
  }
  const kernels::LinearShape shape{xs[0], xs[1], ws[0]};
  Tensor y = Tensor::empty(Shape({shape.rows, shape.out}, "linear"), x.dtype(), x.device());
  dispatch_floating("linear", x.dtype(),
                    [&](auto zero) { launch<&kernels::linear<decltype(zero)>>(shape, x, weight, bias, y); });
  return y;
}

Var linear(Operand x, Operand weight, Operand bias) {
  const Tensor y = linear(x.value, weight.value, bias.value);
  const kernels::LinearShape shape{x.value.shape()[0], x.value.shape()[1], weight.value.shape()[0]};
  const auto rule = [shape, x = Saved("linear", x.value), weight = Saved("linear", weight.value)](const Tensor& dy,
                                                                                                  const Sinks& sinks) {
    dispatch_floating("linear", dy.dtype(), [&](auto zero) {
      launch<&kernels::linear_backward<decltype(zero)>>(shape, x, weight, dy, sinks[0], sinks[1], sinks[2]);
    });
  };
  return record<kernels::Linear>(y, rule, x, weight, bias);
}

}  // namespace wengert
