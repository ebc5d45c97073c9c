#include "losses/hidden_cosine.hpp"

#include "kernels/base/error.hpp"
#include "losses/cosine_of.hpp"
#include "losses/eps.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "hidden_cosine";

}  // namespace

Var hidden_cosine(Reference<Tensor> reference, Operand trained, HiddenCosineOptions options) {
  const Tensor& x = *reference;
  detail::require_pair(name, x, trained.value, "reference and trained side");
  if (x.shape().rank() != 2) fail(name, ": takes activations (rows, units), got ", x.shape());
  detail::require_trainable(name, trained);
  detail::require_eps(name, options.eps);
  return mean(detail::normalised(sum(trained * x, 1), sum(square(x), 1), sum(square(trained), 1), options.eps));
}

}  // namespace wengert::losses
