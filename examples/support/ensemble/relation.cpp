#include "examples/support/ensemble/relation.hpp"

#include <algorithm>
#include <cmath>

#include "examples/support/ensemble/parameters.hpp"

namespace wengert::examples::ensemble {
namespace {

bool are_close(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> zero(a.size());
  return l1_distance(a, b) <= 1e-5 * l1_distance(a, zero);
}

bool same_probabilities(const Answers& a, const Answers& b) {
  return std::ranges::equal(a.probabilities, b.probabilities,
                            [](double p, double q) { return std::abs(p - q) <= 1e-5; });
}

}  // namespace

Relation relate(const std::vector<Layer>& a, const std::vector<Layer>& b, const Alignment& b_aligned,
                const Answers& of_a, const Answers& of_b) {
  const std::vector<double> values = flattened(a);
  if (are_close(values, flattened(b))) return Relation::identical;
  if (are_close(values, flattened(b_aligned.layers))) {
    if (!b_aligned.permuted) return Relation::rescaled;
    return b_aligned.rescaled ? Relation::permuted_and_rescaled : Relation::permuted;
  }
  return same_probabilities(of_a, of_b) ? Relation::same_answers : Relation::different;
}

std::string in_words(Relation relation) {
  switch (relation) {
    case Relation::identical:
      return "identical copies";
    case Relation::rescaled:
      return "same function, hidden units rescaled";
    case Relation::permuted:
      return "same function, hidden units permuted";
    case Relation::permuted_and_rescaled:
      return "same function, hidden units permuted and rescaled";
    case Relation::same_answers:
      return "same answers to every image, by other weights";
    case Relation::different:
      return "different functions";
  }
  return "";
}

}  // namespace wengert::examples::ensemble
