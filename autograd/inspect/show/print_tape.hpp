// The tape as text, for people.
#pragma once

#include <iosfwd>

#include "autograd/var.hpp"

namespace wengert {

struct PrintTapeOptions {
  bool full = false;  ///< norms in place of numbers, and what else the tape knows
};

/// Writes a line for each step that `root` was made by, the earliest first: number, op, source line, inputs, value and
/// gradient. Inside an Inspect scope constants and cuts are shown too, and values and gradients of every step; outside,
/// what the tape keeps. A cut is named with what it was cut from, a constant by the name of its memory. A gradient that
/// is absent is '-', never 0. Columns in which nothing is known are left out.
///
/// In full: who reads the step, its shape, the Euclidean norms |value| and |gradient|, the norms of the shares of its
/// gradient that it sent to each of its inputs ("2: 0.5"), and the bytes that its rule keeps until backward has run
/// (Tape::kept_bytes), with their sum below.
void print_tape(std::ostream& out, const Var& root, const PrintTapeOptions& options = {});

}  // namespace wengert
