// Whether two networks are one and the same function, and how it hides.
#pragma once

#include <string>
#include <vector>

#include "examples/support/ensemble/alignment.hpp"
#include "examples/support/ensemble/scores.hpp"

namespace wengert::examples::ensemble {

/// A ReLU network computes the same function when its hidden units are put into another order, and when a unit's incoming
/// weights and bias are multiplied by c > 0 and its outgoing weights by 1 / c. Copies are told by their weights: aligned
/// ones may differ by sum |A - B| <= 1e-5 sum |A|, which leaves room for rounding.
enum class Relation {
  identical,              ///< the same parameters
  rescaled,               ///< the same but for the units' scales
  permuted,               ///< the same but for the units' order
  permuted_and_rescaled,  ///< both
  same_answers,           ///< no such copy, but for every image the same probabilities, to 1e-5
  different,
};

Relation relate(const std::vector<Layer>& a, const std::vector<Layer>& b, const Alignment& b_aligned,
                const Answers& of_a, const Answers& of_b);

/// "same function, hidden units permuted", and so on.
std::string in_words(Relation);

}  // namespace wengert::examples::ensemble
