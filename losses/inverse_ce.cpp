#include "losses/inverse_ce.hpp"

#include "autograd/ops/unary.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/eps.hpp"

namespace wengert::losses {

Var inverse_ce(Reference<Tensor> probabilities, Operand logits, InverseCEOptions options) {
  detail::require_pair("inverse_ce", *probabilities, logits.value, "the earlier probabilities and the trained logits");
  detail::require_trainable("inverse_ce", logits);
  detail::require_eps("inverse_ce", options.eps);
  return 1 / (soft_cross_entropy(logits, *probabilities) + options.eps);
}

}  // namespace wengert::losses
