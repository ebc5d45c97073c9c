// A table in columns, for people at a terminal.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace wengert {

/// Writes the rows as lines, each cell padded to the widest of its column; a row may have fewer cells than others.
void write_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}  // namespace wengert
