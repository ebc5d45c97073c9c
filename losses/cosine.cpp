#include "losses/cosine.hpp"

#include "losses/cosine_of.hpp"
#include "losses/eps.hpp"
#include "losses/models.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "cosine";

}  // namespace

Var cosine(Reference<Tensor> reference, Operand trained, CosineOptions options) {
  detail::require_pair(name, *reference, trained.value, "reference and trained side");
  detail::require_trainable(name, trained);
  detail::require_eps(name, options.eps);
  return detail::cosine_of(*reference, trained, options.eps);
}

Var cosine(Reference<nn::Weights> reference, const nn::Module& trained, CosineOptions options, const char* file,
           int line) {
  detail::require_eps(name, options.eps);
  const auto of_pair = [&](const Tensor& a, const Operand& b) { return detail::cosine_of(a, b, options.eps); };
  return detail::of_models(name, *reference, trained, options.per, file, line, of_pair);
}

}  // namespace wengert::losses
