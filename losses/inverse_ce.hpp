// 1 / cross-entropy of a model's outputs against an earlier model's: pushes the predictions apart.
//
//   p = the earlier model's probabilities     q = softmax of the trained model's logits x
//   C = mean over rows of -sum_c p_c log q_c     loss = 1 / (C + eps)
//   dx = -dloss / (C + eps)^2 (q sum_c p_c - p) / rows
//
// Known flaw: C has no upper bound, so the loss is cheapest where the model is confidently something else. An earlier
// model that is right on 98 % of the digits is then mostly left by leaving the label, and what remains of the push
// works against the base loss. It falls with the square of C: large while the two agree, nothing once they differ.
//
// Singular points: C is least, the entropy of p, where q = p; there dx = 0, so a copy of the earlier model stays one
// under this loss alone. Where p is one-hot and q rounds to it, C = 0: the loss is infinite and dx NaN (inf * 0),
// unless eps > 0.
#pragma once

#include "autograd/var.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

struct InverseCEOptions {
  double eps = 0;  ///< at least 0
};

/// 1 / (soft_cross_entropy(logits, probabilities) + eps), a scalar: softmax(A(x).detach()) and B(x), both (rows,
/// classes). Errors: unlike shapes or dtypes, another rank; logits that no gradient can reach, except in a NoGrad
/// scope.
Var inverse_ce(Reference<Tensor> probabilities, Operand logits, InverseCEOptions options = {});

}  // namespace wengert::losses
