#include "autograd/inspect/show/zeroing_bars.hpp"

#include <algorithm>
#include <cmath>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/svg.hpp"
#include "kernels/base/error.hpp"

namespace wengert {
namespace {

constexpr double left = 64, right = 700, top = 16, bottom = 216, height = 256;

double largest_of(const ZeroingSteps& steps) {
  double largest = 0;
  for (const auto& values : {steps.zeroed, steps.accumulated}) {
    for (const double value : values) {
      if (std::isfinite(value)) largest = std::max(largest, value);
    }
  }
  return largest > 0 ? largest : 1;
}

}  // namespace

std::string zeroing_bars(const ZeroingSteps& steps, const std::string& id) {
  const std::size_t count = steps.zeroed.size();
  if (steps.accumulated.size() != count) {
    fail("zeroing_bars: ", count, " steps with zeroing and ", steps.accumulated.size(), " without; give as many");
  }
  const double largest = largest_of(steps),
               slot = (right - left) / static_cast<double>(std::max<std::size_t>(count, 1));
  Svg svg(right + 8, height, id, "The gradient's norm at each step",
          "Two bars a step: gradients zeroed before each step, and never zeroed. The largest is " +
              four_digits(largest) + ".",
          "bars");
  const auto y = [&](double value) { return bottom - (bottom - top) * value / largest; };
  for (const double tick : {0., 0.5, 1.}) {
    svg.line(left, y(tick * largest), right, y(tick * largest), tick == 0 ? "axis" : "grid");
    svg.text(left - 8, y(tick * largest) + 4, "end", four_digits(tick * largest), "tick");
  }
  const auto bar = [&](double value, double x, const char* classes) {
    if (!std::isfinite(value)) {
      svg.text(x + slot * 0.2, bottom - 4, "middle", four_digits(value), "tick");
    } else {
      svg.rect(x, y(value), slot * 0.4, bottom - y(value), classes);
    }
  };
  for (std::size_t k = 0; k < count; ++k) {
    const double x = left + slot * static_cast<double>(k);
    const std::string step = std::to_string(k + 1);
    svg.open_group("step",
                   "step " + step + ": zeroed " + four_digits(steps.zeroed[k]) + ", never zeroed " +
                       four_digits(steps.accumulated[k]),
                   {{"data-step", step}});
    bar(steps.zeroed[k], x + slot * 0.08, "bar zeroed");
    bar(steps.accumulated[k], x + slot * 0.52, "bar accumulated");
    svg.text(x + slot / 2, bottom + 18, "middle", step, "tick").close_group();
  }
  svg.text((left + right) / 2, height - 4, "middle", "step", "tick");
  return svg.element();
}

}  // namespace wengert
