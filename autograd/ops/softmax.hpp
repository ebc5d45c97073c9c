// Softmax and log-softmax along the last axis: kernels/ops/softmax/softmax.hpp. Type in, type out.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

/// e^x / sum e^x along the last axis. Errors: a scalar, int32.
Tensor softmax(const Tensor& x);
Var softmax(Operand x);
/// log softmax(x), without forming the quotient.
Tensor log_softmax(const Tensor& x);
Var log_softmax(Operand x);

}  // namespace wengert
