// Softmax cross-entropy, against class labels and against probabilities.
#pragma once

#include "autograd/var.hpp"

namespace wengert::losses {

/// mean over rows of -log softmax(logits)[row, label], a scalar: logits (rows, classes), labels int32 (rows), as
/// torch.nn.CrossEntropyLoss. Errors: other shapes or dtypes; a label outside [0, classes), by its row.
Tensor cross_entropy(const Tensor& logits, const Tensor& labels);
Var cross_entropy(Operand logits, const Tensor& labels);

/// mean over rows of -sum_c p[row, c] log softmax(logits)[row, c]: probabilities (rows, classes), of the logits' dtype;
/// a row of them need not sum to 1. No gradient reaches them. Errors: other shapes or dtypes.
Tensor soft_cross_entropy(const Tensor& logits, const Tensor& probabilities);
Var soft_cross_entropy(Operand logits, const Tensor& probabilities);

}  // namespace wengert::losses
