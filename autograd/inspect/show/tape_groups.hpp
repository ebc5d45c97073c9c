// Which rows of a tape belong to one module, so that a picture may show them as one box.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autograd/inspect/tape.hpp"

namespace wengert {

/// Rows under one name: a module's ("fc1"), and for its second use on the tape "fc1 (2)".
struct TapeGroup {
  std::string name;
  std::vector<std::size_t> rows;  ///< their numbers, rising; at least two
};

/// A parameter named "fc1.weight" belongs to the module "fc1", and so does an op that takes parameters of one module
/// alone; and what follows such an op one to one: of the same shape, without a name, its only reader (an activation).
/// No row is in two groups, and with each group drawn as one box there is still no circle.
std::vector<TapeGroup> groups_of(const Tape& tape);

}  // namespace wengert
