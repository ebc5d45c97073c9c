// Backward, node by node, in words: what came from above, the local derivative, and their product.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autograd/inspect/tape.hpp"

namespace wengert {

/// The numbers of the rows whose rules backward ran, in its order; none before backward.
std::vector<std::size_t> backward_order(const Tape& tape);

/// An <li> element of class "rule", with data-row, for each of them: the op as a formula with its operands, the upstream
/// gradient and who sent it, and for each input upstream, local derivative and what was sent: numbers where there are
/// at most four and the product goes number by number, otherwise the formula, shapes and norms.
std::string backward_steps(const Tape& tape);

}  // namespace wengert
