// The similarity that this project began with: 1 / sum|A - B|, which pushes B away from a reference A that stays.
//
//   S_k = sum |A_k - B_k|         loss = sum over pairs k of 1 / (S_k + eps)
//   dB_k = -dloss / (S_k + eps)^2 sign(B_k - A_k)
//
// No gradient reaches the reference, and the signatures say so: it is a Tensor, or Weights, which have no history; a
// Var or a Module there does not compile. Equal sides give infinity, and NaN as its gradient (inf * 0), as in PyTorch,
// unless eps > 0. In anomaly mode (autograd/inspect/watch/anomaly.hpp) the error names the pair.
#pragma once

#include "autograd/var.hpp"
#include "losses/per.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct InverseL1Options {
  double eps = 0;  ///< at least 0
  Per per = Per::tensor;
};

/// 1 / (sum|reference - trained| + eps), a scalar, by one fused kernel. Errors: unlike shapes or dtypes; both sides the
/// same memory; a trained side that no gradient can reach (a constant, or frozen), except in a NoGrad scope; more than
/// 2^31 - 1 elements.
Var inverse_l1(Reference<Tensor> reference, Operand trained, InverseL1Options options = {});

/// The same summed over all pairs of parameters, or with Per::model of all parameters as one. Parameters of `trained`
/// that are frozen count in the value and get no gradient. More errors: models of unlike topology.
Var inverse_l1(Reference<nn::Weights> reference, const nn::Module& trained, InverseL1Options options = {},
               const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// The same from the ops abs, sum and /, a dozen steps of the tape in place of one: to compare, and to show in class.
Var inverse_l1_composed(const Tensor& reference, Operand trained, InverseL1Options options = {});
Var inverse_l1_composed(const nn::Weights& reference, const nn::Module& trained, InverseL1Options options = {});

}  // namespace wengert::losses
