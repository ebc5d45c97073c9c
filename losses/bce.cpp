#include "losses/bce.hpp"

#include "losses/pointwise.hpp"

namespace wengert::losses {

using kernels::BinaryCrossEntropy, kernels::BinaryCrossEntropyWithLogits;

Tensor bce(const Tensor& probability, const Tensor& target) {
  return detail::pointwise<BinaryCrossEntropy>(probability, target);
}
Var bce(Operand probability, const Tensor& target) {
  return detail::pointwise<BinaryCrossEntropy>(probability, target);
}

Tensor bce_with_logits(const Tensor& logit, const Tensor& target) {
  return detail::pointwise<BinaryCrossEntropyWithLogits>(logit, target);
}
Var bce_with_logits(Operand logit, const Tensor& target) {
  return detail::pointwise<BinaryCrossEntropyWithLogits>(logit, target);
}

}  // namespace wengert::losses
