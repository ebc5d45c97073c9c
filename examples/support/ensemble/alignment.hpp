// Two networks side by side, whatever order and scale their hidden units have.
#pragma once

#include <vector>

#include "examples/support/ensemble/member.hpp"

namespace wengert::examples::ensemble {

struct Alignment {
  std::vector<Layer> layers;  ///< b's, in a's order and scale: the same function as b's. float64, on the CPU
  bool permuted = false;      ///< some hidden unit has another place
  bool rescaled = false;      ///< some hidden unit has another scale than its partner, by more than 1e-4 of it
};

/// Brings b's hidden units, any number of layers of them, into the order and to the scale of a's.
///
/// Both networks are first brought to one scale: layer by layer, each hidden unit's incoming weights and bias to length 1
/// (a unit without any keeps them), its outgoing weights multiplied by what they were divided by. Then each layer's units are
/// matched one to one so that the products of partners' incoming weights and biases add up to the most, from the first
/// layer to the last; then again with the outgoing weights counted too, in turns until nothing changes (weight matching of
/// Ainsworth et al. 2022, "Git Re-Basin", arXiv 2209.04836). It finds any copy whose units differ; of networks that are no
/// copies it finds a good order, since the best one for several layers at once is hard to find. At last b's units
/// get their partners' scales.
Alignment align(const std::vector<Layer>& a, const std::vector<Layer>& b);

}  // namespace wengert::examples::ensemble
