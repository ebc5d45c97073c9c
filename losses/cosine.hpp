// The cosine of two models' parameters, as vectors: minimising it opens the angle between them.
//
//   |X| = sqrt(sum X^2 + eps)     c_k = A_k . B_k / (|A_k| |B_k|)     loss = sum over pairs k of c_k
//   dB_k = dloss (A_k / (|A_k| |B_k|) - c_k B_k / |B_k|^2)
//
// Known flaw: it looks at parameters, not at what they compute. A copy of A with its hidden units in another order is
// the same function at a far smaller cosine. With Per::tensor a copy of A whose layers are scaled up and down, which
// ReLU does not notice, has cosine 1 with it, like A itself. Models initialised independently are nearly orthogonal to
// begin with; from there the loss goes on towards B = -A, which nobody asked for.
//
// Singular points: where B_k is a multiple of A_k, c_k is 1 or -1 and dB_k = 0, so a copy of A stays one under this
// loss alone; a pair of one element is always there. Where A_k or B_k is zero, the loss and its gradient are NaN (0 /
// 0); with eps > 0 the pair counts 0, and at B_k = 0 dB_k = dloss A_k / (|A_k| sqrt eps).
#pragma once

#include "autograd/var.hpp"
#include "losses/per.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct CosineOptions {
  double eps = 0;  ///< at least 0; added to the squared lengths
  Per per = Per::tensor;
};

/// The cosine of all elements, a scalar in [-1, 1]. Errors: unlike shapes or dtypes; both sides the same memory; a
/// trained side that no gradient can reach, except in a NoGrad scope.
Var cosine(Reference<Tensor> reference, Operand trained, CosineOptions options = {});

/// The same summed over all pairs of parameters, or with Per::model of all parameters as one. Parameters of `trained`
/// that are frozen count in the value and get no gradient. More errors: models of unlike topology.
Var cosine(Reference<nn::Weights> reference, const nn::Module& trained, CosineOptions options = {},
           const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace wengert::losses
