#include "examples/support/ensemble/parameters.hpp"

#include <cmath>
#include <numeric>

namespace wengert::examples::ensemble {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.);
}

}  // namespace

std::vector<double> flattened(const std::vector<Layer>& layers) {
  std::vector<double> values;
  for (const Layer& layer : layers) {
    for (const Tensor* part : {&layer.weight, &layer.bias}) {
      const std::vector<double> of_part = part->to_vector<double>();
      values.insert(values.end(), of_part.begin(), of_part.end());
    }
  }
  return values;
}

std::optional<double> cosine(const std::vector<double>& a, const std::vector<double>& b) {
  const double sizes = std::sqrt(dot(a, a)) * std::sqrt(dot(b, b));
  if (sizes == 0) return std::nullopt;
  return dot(a, b) / sizes;
}

double l1_distance(const std::vector<double>& a, const std::vector<double>& b) {
  return std::transform_reduce(a.begin(), a.end(), b.begin(), 0., std::plus<>(),
                               [](double x, double y) { return std::abs(x - y); });
}

}  // namespace wengert::examples::ensemble
