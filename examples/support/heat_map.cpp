#include "examples/support/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace wengert::examples {
namespace {

constexpr double left = 100, top = 52, cell_width = 76, cell_height = 44;

struct Scale {
  double least = std::numeric_limits<double>::infinity(), most = -std::numeric_limits<double>::infinity();

  explicit Scale(const std::vector<std::vector<std::optional<double>>>& values) {
    for (const auto& row : values) {
      for (const std::optional<double>& value : row) {
        if (!value) continue;
        least = std::min(least, *value);
        most = std::max(most, *value);
      }
    }
  }
  // Light enough at both ends for the number to be read, in light and in dark.
  double shade(double value) const { return 0.06 + 0.5 * (most > least ? (value - least) / (most - least) : 1); }
};

void draw_cell(Svg& svg, double x, double y, double value, const Scale& scale) {
  svg.path(fmt::format("M{} {}h{}v{}h-{}z", x + 1, y + 1, cell_width - 2, cell_height - 2, cell_width - 2), "heat",
           scale.shade(value));
  svg.text(x + cell_width / 2, y + cell_height / 2 + 5, "middle", fmt::format("{:.2f} %", 100 * value));
}

}  // namespace

Svg heat_map(const ChartTexts& texts, const std::vector<std::string>& names,
             const std::vector<std::vector<std::optional<double>>>& values) {
  const auto n = static_cast<double>(names.size());
  Svg svg(left + n * cell_width + 10, top + n * cell_height + 10, texts.id, texts.title, texts.description);
  svg.text(left - 10, top - 30, "end", texts.y_label, "label");
  svg.text(left + n * cell_width / 2, top - 30, "middle", texts.x_label, "label");
  const Scale scale(values);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double x = left + static_cast<double>(i) * cell_width, y = top + static_cast<double>(i) * cell_height;
    svg.text(left - 10, y + cell_height / 2 + 5, "end", names[i]);
    svg.text(x + cell_width / 2, top - 8, "middle", names[i]);
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (values[i][k]) draw_cell(svg, left + static_cast<double>(k) * cell_width, y, *values[i][k], scale);
    }
  }
  return svg;
}

}  // namespace wengert::examples
