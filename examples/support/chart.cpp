#include "examples/support/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "examples/support/ticks.hpp"

namespace wengert::examples {
namespace {

constexpr double width = 436, height = 290;
constexpr double left = 60, right = 400, top = 28, bottom = 240;

class Axes {
 public:
  Axes(const std::vector<Series>& series, StepAxis step_axis) : step_axis_(step_axis) {
    double largest = 0;
    for (const Series& one : series) {
      steps_ = std::max(steps_, one.values.size());
      for (const float value : one.values) {
        if (std::isfinite(value)) largest = std::max(largest, double{value});
      }
    }
    y_step_ = tick_step(largest > 0 ? largest : 1);
    y_end_ = y_step_ * std::ceil(std::max(largest, y_step_) / y_step_);
  }

  // On a logarithmic axis step k stands at log(k + 1), so that step 0 has a place.
  double x(double step) const {
    const double last = std::max(1., static_cast<double>(steps_) - 1);
    const double share = step_axis_ == StepAxis::even ? step / last : std::log1p(step) / std::log1p(last);
    return left + (right - left) * share;
  }
  double y(double value) const { return bottom - (bottom - top) * value / y_end_; }

  void draw(Svg& svg, const ChartTexts& texts) const {
    for (int k = 0; k * y_step_ <= y_end_ * 1.001; ++k) {
      svg.line(left, y(k * y_step_), right, y(k * y_step_), k == 0 ? "axis" : "grid");
      svg.text(left - 8, y(k * y_step_) + 4, "end", fmt::format("{:.6g}", k * y_step_), "tick");
    }
    if (step_axis_ == StepAxis::even) {
      const auto last = static_cast<double>(steps_) - 1, between = std::max(1., tick_step(std::max(1., last)));
      for (double step = 0; step <= last; step += between) draw_step(svg, step);
    } else {
      for (std::size_t power = 1; power <= steps_; power *= 10) draw_step(svg, static_cast<double>(power));
    }
    svg.text((left + right) / 2, height - 6, "middle", texts.x_label, "label");
    svg.text(left, top - 14, "start", texts.y_label, "label");
  }

  void draw_step(Svg& svg, double step) const {
    svg.line(x(step), bottom, x(step), bottom + 5, "axis");
    svg.text(x(step), bottom + 20, "middle", fmt::format("{}", step), "tick");
  }

  std::string path(const Series& series) const {
    std::string commands;
    bool joined = false;
    double last_x = -1;
    for (std::size_t k = 0; k < series.values.size(); ++k) {
      const double at = x(static_cast<double>(k));
      if (at - last_x < 1 && k + 1 < series.values.size()) continue;  // one point per pixel
      last_x = at;
      const bool finite = std::isfinite(series.values[k]);
      if (finite) {
        fmt::format_to(std::back_inserter(commands), "{}{:.1f} {:.1f}{}", joined ? "L" : "M", at,
                       y(double{series.values[k]}), joined ? "" : "h0");  // a dot, if it stays alone
      }
      joined = finite;
    }
    return commands;
  }

 private:
  StepAxis step_axis_;
  std::size_t steps_ = 0;
  double y_step_ = 1, y_end_ = 1;
};

// The lines' names stand at their ends, at least a line of text apart.
void draw_names(Svg& svg, const Axes& axes, const std::vector<Series>& series) {
  std::vector<std::pair<double, const Series*>> names;
  for (const Series& one : series) {
    if (!one.values.empty() && std::isfinite(one.values.back())) {
      names.push_back({axes.y(double{one.values.back()}), &one});
    }
  }
  std::ranges::sort(names, {}, [](const auto& name) { return name.first; });
  for (std::size_t k = names.size(); k-- > 0;) {
    if (k + 1 < names.size()) names[k].first = std::min(names[k].first, names[k + 1].first - 18);
    svg.text(right + 8, names[k].first + 4, "start", names[k].second->label, "name " + names[k].second->css_class);
  }
}

}  // namespace

Svg line_chart(const ChartTexts& texts, const std::vector<Series>& series, StepAxis axis) {
  Svg svg(width, height, texts.id, texts.title, texts.description);
  const Axes axes(series, axis);
  axes.draw(svg, texts);
  for (const Series& one : series) svg.path(axes.path(one), "curve " + one.css_class);
  draw_names(svg, axes, series);
  return svg;
}

std::string chart_style() {
  return R"(:root { color-scheme: light dark; --text: #1c2430; --faint: #5d6878; --rule: #d9dee6; --page: #ffffff; --card: #f6f8fb;
  --one: #1f6feb; --zero: #d9730d; --a: #0b7a75; --b: #a626a4; --fit: #4b5f7d; --push: #c62828; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaf0; --faint: #9aa6b6; --rule: #364152; --page: #11161d;
  --card: #1a212b; --one: #5aa2ff; --zero: #ff9d45; --a: #4fd1c5; --b: #e58cf0; --fit: #9db4d6; --push: #ff7b72; } }
svg { font: 13px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg .tick, svg .label { fill: var(--faint); font-size: 12px; }
svg .axis { stroke: var(--faint); }
svg .grid { stroke: var(--rule); }
svg .curve { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
svg .name { font-weight: 600; }
svg .border { fill: none; stroke: var(--text); stroke-width: 1.5; }
svg .curve.a, svg .border.a { stroke: var(--a); }
svg .curve.b, svg .border.b { stroke: var(--b); }
svg .curve.b { stroke-dasharray: 7 3; }
svg .name.a, svg .bar.a, svg .field.a { fill: var(--a); }
svg .name.b, svg .bar.b, svg .field.b { fill: var(--b); }
svg .name.fit, svg .bar.fit { fill: var(--fit); }
svg .name.push, svg .bar.push { fill: var(--push); }
svg .field { shape-rendering: crispEdges; }
svg .field.one, svg .point.one { fill: var(--one); }
svg .field.zero, svg .point.zero { fill: var(--zero); }
svg .frame { fill: none; stroke: var(--rule); }
svg .paper { fill: var(--page); }
svg .point { stroke: var(--page); stroke-width: 1.5; }
svg .border.a { stroke-width: 4.5; }
svg .border.b { stroke-width: 2; }
)";
}

}  // namespace wengert::examples
