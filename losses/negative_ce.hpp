// The negative cross-entropy of a model's outputs against an earlier model's: pushes the predictions apart.
//
//   p = the earlier model's probabilities     q = softmax of the trained model's logits x
//   loss = mean over rows of sum_c p_c log q_c
//   dx = dloss (p - q sum_c p_c) / rows
//
// Known flaw: it has no lower bound, and its gradient does not fade as the models part. Where the earlier model is sure
// and right it is the base cross-entropy with the sign turned, so at strength 1 the two cancel, and above it training
// runs away to minus infinity. A strength well below 1 is what keeps it finite.
//
// Singular points: none; dx is at most 1 / rows in every element. It is 0 where q = p, so a copy of the earlier model
// stays one under this loss alone.
#pragma once

#include "autograd/var.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {

/// -soft_cross_entropy(logits, probabilities), a scalar: softmax(A(x).detach()) and B(x), both (rows, classes). Errors:
/// unlike shapes or dtypes, another rank; logits that no gradient can reach, except in a NoGrad scope.
Var negative_ce(Reference<Tensor> probabilities, Operand logits);

}  // namespace wengert::losses
