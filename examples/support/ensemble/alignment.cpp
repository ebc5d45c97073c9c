#include "examples/support/ensemble/alignment.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "examples/support/ensemble/assignment.hpp"

namespace wengert::examples::ensemble {
namespace {

Tensor as_column(const Tensor& vector) { return reshape(vector, {-1, 1}); }

// A network whose hidden units have length 1, and what they were divided by.
struct Canonical {
  std::vector<Layer> layers;
  std::vector<Tensor> scales;  // of each hidden layer: (units)
};

// Multiplies what goes into the units of a hidden layer by c and divides what goes out.
void rescale(std::vector<Layer>& layers, std::size_t hidden, const Tensor& c) {
  layers[hidden] = {layers[hidden].weight * as_column(c), layers[hidden].bias * c};
  layers[hidden + 1].weight = layers[hidden + 1].weight / c;
}

Tensor lengths(const Layer& layer) {
  std::vector<double> values = sqrt(sum(square(layer.weight), 1) + square(layer.bias)).to_vector<double>();
  std::ranges::replace(values, 0., 1.);
  return Tensor::from(values, layer.bias.shape(), DType::f64);
}

Canonical canonical(const std::vector<Layer>& network) {
  Canonical result;
  for (const Layer& layer : network) {
    result.layers.push_back({layer.weight.to(Device{}).to(DType::f64), layer.bias.to(Device{}).to(DType::f64)});
  }
  for (std::size_t k = 0; k + 1 < network.size(); ++k) {
    result.scales.push_back(lengths(result.layers[k]));
    rescale(result.layers, k, 1. / result.scales[k]);
  }
  return result;
}

// (n, n): times a matrix, its rows in that order.
Tensor permutation(const std::vector<std::int64_t>& order) {
  const auto n = std::ssize(order);
  std::vector<double> ones(static_cast<std::size_t>(n * n));
  for (std::int64_t i = 0; i < n; ++i) ones[static_cast<std::size_t>(i * n + order[static_cast<std::size_t>(i)])] = 1;
  return Tensor::from(ones, {n, n}, DType::f64);
}

void reorder(Canonical& network, std::size_t hidden, const std::vector<std::int64_t>& order) {
  const Tensor p = permutation(order);
  Layer& layer = network.layers[hidden];
  Tensor& outgoing = network.layers[hidden + 1].weight;
  layer = {matmul(p, layer.weight), reshape(matmul(p, as_column(layer.bias)), {-1})};
  outgoing = matmul(outgoing, transpose(p));
  network.scales[hidden] = reshape(matmul(p, as_column(network.scales[hidden])), {-1});
}

// (units of a, units of b): the products of their weights.
Tensor likeness(const Canonical& a, const Canonical& b, std::size_t hidden, bool with_outgoing) {
  const Layer &of_a = a.layers[hidden], &of_b = b.layers[hidden];
  const Tensor incoming = matmul(of_a.weight, transpose(of_b.weight)) + as_column(of_a.bias) * of_b.bias;
  if (!with_outgoing) return incoming;
  return incoming + matmul(transpose(a.layers[hidden + 1].weight), b.layers[hidden + 1].weight);
}

double total(const std::vector<double>& gain, const std::vector<std::int64_t>& order) {
  double sum = 0;
  for (std::size_t i = 0; i < order.size(); ++i) sum += gain[i * order.size() + static_cast<std::size_t>(order[i])];
  return sum;
}

// Whether that changed anything. Among orders that are as good but for rounding, b keeps the one it has.
bool match(const Canonical& a, Canonical& b, std::size_t hidden, bool with_outgoing) {
  const std::int64_t units = a.layers[hidden].bias.numel();
  const std::vector<double> gain = likeness(a, b, hidden, with_outgoing).to_vector<double>();
  const std::vector<std::int64_t> order = best_assignment(gain, units);
  std::vector<std::int64_t> as_it_is(order.size());
  std::iota(as_it_is.begin(), as_it_is.end(), 0);
  const double now = total(gain, as_it_is), then = total(gain, order);
  if (!(then - now > 1e-9 * (std::abs(then) + std::abs(now)))) return false;
  reorder(b, hidden, order);
  return true;
}

bool differ(const std::vector<Tensor>& scales_a, const std::vector<Tensor>& scales_b) {
  for (std::size_t k = 0; k < scales_a.size(); ++k) {
    if (max(abs(scales_b[k] / scales_a[k] - 1)).item<double>() > 1e-4) return true;
  }
  return false;
}

}  // namespace

Alignment align(const std::vector<Layer>& a, const std::vector<Layer>& b) {
  const Canonical reference = canonical(a);
  Canonical moved = canonical(b);
  const std::size_t hidden_layers = reference.scales.size();
  Alignment result;
  for (std::size_t k = 0; k < hidden_layers; ++k) result.permuted |= match(reference, moved, k, false);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t k = 0; k < hidden_layers; ++k) changed |= match(reference, moved, k, true);
    result.permuted |= changed;
  }
  result.rescaled = differ(reference.scales, moved.scales);
  for (std::size_t k = hidden_layers; k-- > 0;) rescale(moved.layers, k, reference.scales[k]);
  result.layers = std::move(moved.layers);
  return result;
}

}  // namespace wengert::examples::ensemble
