// Negative correlation learning (Liu and Yao 1999, "Ensemble learning via negative correlation"), for members trained
// one after another: rewards being away from the ensemble's mean on the other side of where the earlier ones are.
//
//   f_j = member j's probabilities (rows, classes), j = 0..k; F = mean over all of them; f_k is the trained one
//   loss = mean over rows of (f_k - F) . sum over j < k of (f_j - F)
//        = -(k / (k + 1))^2 mean over rows of |f_k - M|^2, M = mean over j < k of f_j
//   df_k = -2 dloss (k / (k + 1))^2 (f_k - M) / rows
//
// The second form is the first one because all f_j - F sum to 0. The gradient goes through F too, which f_k is part of.
//
// Known flaw: it rewards any distance, also that of being wrong where the earlier members are right. With the squared
// error as base and strength 1, training all members so is training one large network, which fits the noise (Chen and
// Yao 2009, "Regularized negative correlation learning for neural network ensembles").
//
// Singular points: none; the loss lies in [-2 (k / (k + 1))^2, 0]. It is 0, and so is its gradient, where f_k = M, so
// for k = 1 a copy stays one under this loss alone.
#pragma once

#include <span>
#include <vector>

#include "autograd/var.hpp"

namespace wengert::losses {

/// As above, a scalar. All probabilities are (rows, classes): earlier ones softmax(A(x).detach()), the trained one
/// softmax(B(x)). Errors: no earlier member; unlike shapes or dtypes, another rank; both sides the same memory; a
/// trained side that no gradient can reach, except in a NoGrad scope.
Var ncl(std::span<const Tensor> earlier, Operand trained);
inline Var ncl(const std::vector<Tensor>& earlier, Operand trained) { return ncl(std::span(earlier), trained); }

}  // namespace wengert::losses
