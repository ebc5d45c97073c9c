#include "losses/correlation.hpp"

#include "kernels/base/error.hpp"
#include "losses/cosine_of.hpp"
#include "losses/eps.hpp"
#include "losses/models.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "correlation";

Var correlation_of(const Tensor& a, const Operand& b, double eps) {
  detail::require_eps(name, eps);
  if (a.numel() < 2 && eps == 0) {
    fail(name, ": a pair of shape ", a.shape(),
         " has no correlation (0 / 0): give an eps above 0, by which it counts 0, "
         "or take a whole model as one with Per::model");
  }
  return detail::cosine_of(a - mean(a), b - mean(b), eps);
}

}  // namespace

Var correlation(Reference<Tensor> reference, Operand trained, CorrelationOptions options) {
  detail::require_pair(name, *reference, trained.value, "reference and trained side");
  detail::require_trainable(name, trained);
  return correlation_of(*reference, trained, options.eps);
}

Var correlation(Reference<nn::Weights> reference, const nn::Module& trained, CorrelationOptions options,
                const char* file, int line) {
  const auto of_pair = [&](const Tensor& a, const Operand& b) { return correlation_of(a, b, options.eps); };
  return detail::of_models(name, *reference, trained, options.per, file, line, of_pair);
}

}  // namespace wengert::losses
