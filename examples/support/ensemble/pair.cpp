#include "examples/support/ensemble/pair.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/reduce.hpp"
#include "examples/support/ensemble/parameters.hpp"
#include "losses/hidden_cka.hpp"

namespace wengert::examples::ensemble {
namespace {

std::optional<double> quotient(double numerator, double denominator) {
  if (denominator == 0) return std::nullopt;
  return numerator / denominator;
}

bool is_constant(const Tensor& rows) {
  const Tensor first = slice(rows, 0, 0, 1);
  const std::vector<double> differences = (rows - first).to_vector<double>();
  return std::ranges::all_of(differences, [](double value) { return value == 0; });
}

std::optional<double> linear_cka(const Tensor& x, const Tensor& y) {
  const NoGrad no_grad;
  const Tensor a = x.to(Device{}).to(DType::f64), b = y.to(Device{}).to(DType::f64).clone();
  if (is_constant(a) || is_constant(b)) return std::nullopt;
  return losses::hidden_cka(a, b, {.eps = 0}).item<double>();
}

}  // namespace

AnswerPair compare_answers(const Answers& a, const Answers& b, Labels labels) {
  double n11 = 0, n10 = 0, n01 = 0, n00 = 0, equal = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool a_right = a.predicted[i] == labels[i], b_right = b.predicted[i] == labels[i];
    (a_right ? b_right ? n11 : n10 : b_right ? n01 : n00) += 1;
    equal += a.predicted[i] == b.predicted[i] ? 1 : 0;
  }
  const auto n = static_cast<double>(labels.size());
  return {.agreement = equal / n,
          .disagreement = (n10 + n01) / n,
          .q = quotient(n11 * n00 - n01 * n10, n11 * n00 + n01 * n10),
          .kappa = quotient(2 * (n11 * n00 - n01 * n10), (n11 + n10) * (n10 + n00) + (n11 + n01) * (n01 + n00)),
          .double_fault = n00 / n,
          .b_accuracy_given_a = quotient(n11, n11 + n10),
          .a_accuracy_given_b = quotient(n11, n11 + n01)};
}

Pair compare(const Member& a, const Member& b, const Answers& of_a, const Answers& of_b, Labels labels) {
  const Alignment aligned = align(a.layers, b.layers);
  const std::vector<double> weights_a = flattened(a.layers), weights_b = flattened(b.layers),
                            aligned_b = flattened(aligned.layers);
  return {.a = 0,
          .b = 0,
          .answers = compare_answers(of_a, of_b, labels),
          .parameters = {.parameter_cosine = cosine(weights_a, weights_b),
                         .parameter_l1 = l1_distance(weights_a, weights_b),
                         .aligned_parameter_cosine = cosine(weights_a, aligned_b),
                         .aligned_l1 = l1_distance(weights_a, aligned_b)},
          .hidden_cka = linear_cka(a.hidden, b.hidden),
          .relation = relate(a.layers, b.layers, aligned, of_a, of_b)};
}

}  // namespace wengert::examples::ensemble
