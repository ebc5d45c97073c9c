// The mean over a batch of the cosine of two models' hidden activations: minimising it makes other units active.
//
//   |x| = sqrt(sum over units x^2 + eps)     c_i = x_i . y_i / (|x_i| |y_i|) of row i     loss = mean over rows of c_i
//   dy_i = dloss / rows (x_i / (|x_i| |y_i|) - c_i y_i / |y_i|^2)
//
// Known flaw: it compares unit with unit, and their order means nothing. A copy with its hidden units in another order
// is the same function at a smaller cosine. Activations of ReLU are never negative, so the least it can reach is 0, by
// dividing the units between the models: each then has fewer.
//
// Singular points: where y_i is a multiple of x_i, so for equal models, c_i is 1 and dy_i = 0: a copy stays one under
// this loss alone. Where a row is zero (no unit active), c_i is 0; at y_i = 0, dy_i = dloss / rows x_i / (|x_i| sqrt
// eps), which ReLU, whose slope at 0 is 0, does not pass on. With eps = 0 such a row makes all NaN (0 / 0).
#pragma once

#include "autograd/var.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct HiddenCosineOptions {
  double eps = 1e-8;  ///< at least 0; added to each row's squared length
};

/// The mean cosine of the rows, a scalar in [-1, 1]: activations (rows, units), alike. Errors: unlike shapes or dtypes,
/// another rank; both sides the same memory; a trained side that no gradient can reach, except in a NoGrad scope.
Var hidden_cosine(Reference<Tensor> reference, Operand trained, HiddenCosineOptions options = {});

}  // namespace wengert::losses
