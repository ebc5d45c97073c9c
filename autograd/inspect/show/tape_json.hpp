// The tape for other programs: as JSON, and as a graph for Graphviz.
#pragma once

#include <cstdint>
#include <string>

#include "autograd/var.hpp"

namespace wengert {

struct TapeJsonOptions {
  std::int64_t most_numbers = 16;  ///< of a value or gradient; of a longer one only the shape and the norm are written
};

/// One JSON object (UTF-8):
///
///   root        number of the row that is `root`, or null where nothing was recorded
///   kept_bytes  what the rules keep until backward has run
///   rows        a list, in the order of their numbers, of
///     number, op, name           op is "detach" or "no_grad" where cut is true; name may be ""
///     cut, behind_cut, leaf, frozen           true or false; see Tape::Row
///     file, line                 null where no place is known
///     dtype, shape               "float32", [2, 3]; null where not known
///     value, value_norm          numbers in row-major order; null where not kept (value also where too long)
///     gradient, gradient_norm    null before backward and wherever none has come: absent is not zero
///     kept_bytes                 null where no Inspect scope noted it
///     readers                    numbers of the rows that were computed from this one
///     inputs      a list, in the order of the op's operands, of
///       number                   null for a constant
///       name, shape, value, value_norm
///       gradient, gradient_norm  what this row sent there of its gradient; null where nothing
///
/// Norms are Euclidean. What is no finite number is a string: "nan", "inf", "-inf".
std::string tape_json(const Var& root, const TapeJsonOptions& options = {});

/// A digraph in the DOT language (UTF-8), from left to right: each row of the tape a node, with name, op, shape and
/// norms, each constant too; edges bear the norm of the gradient that went back along them ('-' where it is absent);
/// cuts are dashed, and grey is what no gradient passes. For `dot -Tsvg`. Of a value that was recorded by nothing it is
/// a graph of one node that says so.
std::string tape_dot(const Var& root);

}  // namespace wengert
