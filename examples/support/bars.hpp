// Bars beside each other, up and down from 0.
#pragma once

#include <string>
#include <vector>

#include "examples/support/chart.hpp"

namespace wengert::examples {

/// Bars that stand together under one label. Values of a kind have one place each: places[i][k] is the bar of series k
/// in place i.
struct BarGroup {
  std::string label;
  std::vector<std::vector<double>> places;
};

struct BarSeries {
  std::string label, css_class;
};

/// One scale for all bars. What is not finite has no bar, but a mark. texts.x_label is not used: groups have labels.
Svg bar_chart(const ChartTexts& texts, const std::vector<BarSeries>& series, const std::vector<BarGroup>& groups);

}  // namespace wengert::examples
