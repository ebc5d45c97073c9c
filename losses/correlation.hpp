// Pearson's correlation of two models' parameters: the cosine of their deviations from the mean.
//
//   X' = X - mean X     |X'| = sqrt(sum X'^2 + eps)
//   r_k = A_k' . B_k' / (|A_k'| |B_k'|)     loss = sum over pairs k of r_k
//   dB_k = dloss (A_k' / (|A_k'| |B_k'|) - r_k B_k' / |B_k'|^2)
//
// Known flaw: that of cosine, that it looks at parameters and not at what they compute; and it does not notice a number
// added to all of them either. Weights have a mean near 0, so it hardly differs from the cosine.
//
// Singular points: as cosine, of the deviations. Where B_k = s A_k + t, r_k is 1 or -1 and dB_k = 0. Where all elements
// of A_k or B_k are equal, the loss and its gradient are NaN (0 / 0); with eps > 0 the pair counts 0. One element alone
// is always so, and therefore an error without an eps.
#pragma once

#include "autograd/var.hpp"
#include "losses/per.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct CorrelationOptions {
  double eps = 0;  ///< at least 0; added to the sums of squares
  Per per = Per::tensor;
};

/// The correlation of all elements, a scalar in [-1, 1]. Errors: unlike shapes or dtypes; fewer than two elements and
/// no eps; both sides the same memory; a trained side that no gradient can reach, except in a NoGrad scope.
Var correlation(Reference<Tensor> reference, Operand trained, CorrelationOptions options = {});

/// The same summed over all pairs of parameters, or with Per::model of all parameters as one. Parameters of `trained`
/// that are frozen count in the value and get no gradient. More errors: models of unlike topology.
Var correlation(Reference<nn::Weights> reference, const nn::Module& trained, CorrelationOptions options = {},
                const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace wengert::losses
