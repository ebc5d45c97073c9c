// Sums, means, maxima. Formulas, ties and NaN: kernels/ops/reduce/reduce.hpp. Type in, type out.
//
// Without an axis: over everything, giving a scalar. With one (negative counts from the last): along it; keepdim leaves
// it there with size 1. Errors: an axis out of range; max and argmax of nothing;
// argmax over more elements than int32 has places, 2^31.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

Tensor sum(const Tensor& x);
Tensor sum(const Tensor& x, int axis, bool keepdim = false);
Var sum(Operand x);
Var sum(Operand x, int axis, bool keepdim = false);

Tensor mean(const Tensor& x);  ///< of nothing: NaN
Tensor mean(const Tensor& x, int axis, bool keepdim = false);
Var mean(Operand x);
Var mean(Operand x, int axis, bool keepdim = false);

Tensor max(const Tensor& x);  ///< the gradient is shared evenly among equal maxima
Tensor max(const Tensor& x, int axis, bool keepdim = false);
Var max(Operand x);
Var max(Operand x, int axis, bool keepdim = false);

Tensor argmax(const Tensor& x);  ///< int32: where the first maximum is, in row-major order
Tensor argmax(const Tensor& x, int axis, bool keepdim = false);
Var argmax(Operand x);  ///< has no gradient
Var argmax(Operand x, int axis, bool keepdim = false);

}  // namespace wengert
