#include "losses/mse.hpp"

#include "losses/pointwise.hpp"

namespace wengert::losses {

Tensor mse(const Tensor& prediction, const Tensor& target) {
  return detail::pointwise<kernels::SquaredError>(prediction, target);
}
Var mse(Operand prediction, const Tensor& target) {
  return detail::pointwise<kernels::SquaredError>(prediction, target);
}

}  // namespace wengert::losses
