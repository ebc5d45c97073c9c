// Whether two networks are one and the same function, and how it hides.
#pragma once

#include <string>

namespace wengert::examples::ensemble {

/// A ReLU network computes the same function when its hidden units are put into another order, and when a unit's incoming
/// weights and bias are multiplied by c > 0 and its outgoing weights by 1 / c.
enum class Relation {
  identical,              ///< the same parameters to the last bit
  rescaled,               ///< the same but for the units' scales, and for rounding
  permuted,               ///< the same but for the units' order, and for rounding
  permuted_and_rescaled,  ///< both
  same_answers,           ///< no such copy, but the same probabilities for every image
  different,
};

/// "same function, hidden units permuted", and so on.
std::string in_words(Relation);

}  // namespace wengert::examples::ensemble
