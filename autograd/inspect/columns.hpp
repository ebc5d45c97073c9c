// A table in columns, for people at a terminal.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace wengert {

/// Writes the rows as lines, each cell padded to the widest of its column; a row may have fewer cells than others.
void write_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

/// Four significant digits; "-" for what is absent, "nan" and "inf" as such.
std::string short_number(std::optional<double> number);

}  // namespace wengert
