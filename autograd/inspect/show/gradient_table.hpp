// What reaches each parameter, on one tape beside another.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/tape.hpp"

namespace wengert {

/// What of one tape stands in the table.
struct GradientColumn {
  std::string title;
  std::vector<std::string> labels;  ///< the parameters by name, or "parameter 3"
  std::vector<std::string> cells;   ///< their <td> elements
};
GradientColumn gradient_column(const Tape& tape, const std::string& title);

/// A <table>: a row for each parameter of any of the tapes, a column for each tape, in each the gradient's norm (a
/// <data> element with its value in full, named "TITLE: PARAMETER") or '-' and why.
std::string gradient_table(const std::vector<GradientColumn>& columns);

}  // namespace wengert
