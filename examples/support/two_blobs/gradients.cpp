#include "examples/support/two_blobs/gradients.hpp"

#include <cmath>
#include <numeric>

#include "autograd/backward.hpp"

namespace wengert::examples {
namespace {

using Gradient = std::vector<std::optional<std::vector<double>>>;  // of each parameter

Gradient gradient_of(const nn::Module& model, const Var& term) {
  model.zero_grad();
  if (term.requires_grad()) backward(term);
  Gradient result;
  for (const Var& parameter : model.parameters()) {
    const std::optional<Tensor> gradient = parameter.grad();
    result.push_back(gradient ? std::optional(gradient->to_vector<double>()) : std::nullopt);
  }
  model.zero_grad();
  return result;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.);
}

void add(std::optional<double>& sum, const std::optional<double>& norm) {
  if (norm) sum = std::hypot(sum.value_or(0), *norm);
}

std::optional<double> norm(const std::optional<std::vector<double>>& gradient) {
  if (!gradient) return std::nullopt;
  return std::sqrt(dot(*gradient, *gradient));
}

}  // namespace

TermGradients gradients_of_terms(const nn::Module& model, const Loss& loss) {
  const Gradient fit = gradient_of(model, loss.fit);
  const Gradient push = gradient_of(model, loss.push);
  const std::vector<nn::NamedParameter> named = model.named_parameters();
  TermGradients result;
  result.all.parameter = "all";
  double product = 0;
  for (std::size_t k = 0; k < named.size(); ++k) {
    const TermNorms norms{named[k].name, norm(fit[k]), norm(push[k])};
    result.parameters.push_back(norms);
    add(result.all.fit, norms.fit);
    add(result.all.push, norms.push);
    if (fit[k] && push[k]) product += dot(*fit[k], *push[k]);
  }
  const double cosine = product / (result.all.fit.value_or(0) * result.all.push.value_or(0));
  if (std::isfinite(cosine)) result.cosine = cosine;
  return result;
}

}  // namespace wengert::examples
