// Binary cross-entropy, of probabilities and of logits.
#pragma once

#include "autograd/var.hpp"

namespace wengert::losses {

/// mean -(t log p + (1 - t) log(1 - p)), a scalar, with the logs clamped at -100, as torch.nn.BCELoss. A wrong and
/// certain prediction therefore costs 100, not infinity. Errors: unlike shapes or dtypes, int32. No gradient reaches
/// the target.
Tensor bce(const Tensor& probability, const Tensor& target);
Var bce(Operand probability, const Tensor& target);

/// bce(sigmoid(logit), target), computed without forming the probability: exact where that rounds to 0 or 1.
Tensor bce_with_logits(const Tensor& logit, const Tensor& target);
Var bce_with_logits(Operand logit, const Tensor& target);

}  // namespace wengert::losses
