// A line chart over steps on a logarithmic axis.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/svg.hpp"

namespace wengert::examples {

struct Series {
  std::string label, css_class;
  std::vector<float> values;  ///< value k belongs to step k
};

struct ChartTexts {
  std::string id, title, description, x_label, y_label;
};

/// Early steps are spread out and late ones close together, since most happens early. The vertical axis begins at 0.
/// Values that are not finite are left out.
Svg line_chart(const ChartTexts& texts, const std::vector<Series>& series);

/// The classes that charts and planes use, in light and in dark.
std::string chart_style();

}  // namespace wengert::examples
