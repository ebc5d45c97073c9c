// A line chart over steps.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/show/svg.hpp"

namespace wengert::examples {

struct Series {
  std::string label, css_class;
  std::vector<float> values;  ///< value k belongs to step k
};

struct ChartTexts {
  std::string id, title, description, x_label, y_label;
};

/// On a logarithmic axis early steps are spread out and late ones close together, for where most happens early.
enum class StepAxis { logarithmic, even };

/// The vertical axis begins at 0. Values that are not finite are left out.
Svg line_chart(const ChartTexts& texts, const std::vector<Series>& series, StepAxis axis = StepAxis::logarithmic);

/// The classes that charts and planes use, in light and in dark.
std::string chart_style();

}  // namespace wengert::examples
