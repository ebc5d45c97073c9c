#include "losses/negative_ce.hpp"

#include "autograd/ops/unary.hpp"
#include "losses/cross_entropy.hpp"

namespace wengert::losses {

Var negative_ce(Reference<Tensor> probabilities, Operand logits) {
  detail::require_pair("negative_ce", *probabilities, logits.value, "the earlier probabilities and the trained logits");
  detail::require_trainable("negative_ce", logits);
  return -soft_cross_entropy(logits, *probabilities);
}

}  // namespace wengert::losses
