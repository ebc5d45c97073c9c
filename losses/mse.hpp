// Mean squared error.
#pragma once

#include "autograd/var.hpp"

namespace wengert::losses {

/// mean (prediction - target)^2, a scalar. Errors: unlike shapes or dtypes, int32. No gradient reaches the target.
Tensor mse(const Tensor& prediction, const Tensor& target);
Var mse(Operand prediction, const Tensor& target);

}  // namespace wengert::losses
