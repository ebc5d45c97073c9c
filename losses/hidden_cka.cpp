#include "losses/hidden_cka.hpp"

#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "kernels/base/error.hpp"
#include "losses/cosine_of.hpp"
#include "losses/eps.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "hidden_cka";

void check(const Tensor& x, const Tensor& y) {
  require_operands(name, x, y);
  if (x.shape().rank() != 2 || y.shape().rank() != 2 || x.shape()[0] != y.shape()[0] || x.dtype() != y.dtype()) {
    fail(name, ": takes activations (rows, units) of the same rows, got ", x.dtype(), " ", x.shape(), " and ",
         y.dtype(), " ", y.shape());
  }
  detail::require_apart(name, x, y, "reference and trained side");
}

// By the matrices of rows against rows, or of units against units.
bool rows_are_fewer(const Shape& x, const Shape& y) {
  const std::int64_t rows = x[0], p = x[1], q = y[1];
  return rows * (p + q) < p * p + p * q + q * q;
}

}  // namespace

Var hidden_cka(Reference<Tensor> reference, Operand trained, HiddenCkaOptions options) {
  check(*reference, trained.value);
  detail::require_trainable(name, trained);
  detail::require_eps(name, options.eps);
  const Tensor x = *reference - mean(*reference, 0);
  const Var y = trained - mean(trained, 0);
  const Tensor xt = transpose(x);
  const Var yt = transpose(y);
  if (rows_are_fewer(x.shape(), y.shape())) return detail::cosine_of(matmul(x, xt), matmul(y, yt), options.eps);
  return detail::normalised(sum(square(matmul(xt, y))), sum(square(matmul(xt, x))), sum(square(matmul(yt, y))),
                            options.eps);
}

}  // namespace wengert::losses
