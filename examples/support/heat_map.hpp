// A square table of fractions as shades.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "examples/support/chart.hpp"

namespace wengert::examples {

/// values[row][column], fractions; what is absent has an empty cell. Written as percent; the shade goes from the least of
/// them to the most.
Svg heat_map(const ChartTexts& texts, const std::vector<std::string>& names,
             const std::vector<std::vector<std::optional<double>>>& values);

}  // namespace wengert::examples
