// The tape as text, for people.
#pragma once

#include <iosfwd>

#include "autograd/var.hpp"

namespace wengert {

/// Writes a line for each step that `root` was made by, the earliest first: number, op, source line, inputs, value and
/// gradient. Inside an Inspect scope constants and cuts are shown too, and values and gradients of every step; outside,
/// what the tape keeps. A cut is named with what it was cut from, a constant by the name of its memory. A gradient that
/// is absent is '-'.
void print_tape(std::ostream& out, const Var& root);

}  // namespace wengert
