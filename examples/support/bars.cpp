#include "examples/support/bars.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "examples/support/ticks.hpp"

namespace wengert::examples {
namespace {

constexpr double left = 60, top = 36, plot_height = 200, bottom_margin = 30, right_margin = 10;
constexpr double bar_width = 13, place_gap = 8, group_gap = 26, least_group_width = 74;

class BarChart {
 public:
  BarChart(const ChartTexts& texts, const std::vector<BarSeries>& series, const std::vector<BarGroup>& groups)
      : series_(series), groups_(groups), svg_(make_svg(texts)) {
    scale();
    draw_axis(texts.y_label);
    double x = left + group_gap / 2;
    for (const BarGroup& group : groups_) {
      draw_group(group, x);
      x += group_width(group) + group_gap;
    }
    svg_.line(left, y(0), x - group_gap / 2, y(0), "axis");
    draw_names();
  }
  Svg svg() const { return svg_; }

 private:
  double place_width() const { return static_cast<double>(series_.size()) * bar_width + place_gap; }
  double bars_width(const BarGroup& group) const { return static_cast<double>(group.places.size()) * place_width(); }
  double group_width(const BarGroup& group) const { return std::max(least_group_width, bars_width(group)); }
  double plot_right() const {
    double x = left;
    for (const BarGroup& group : groups_) x += group_width(group) + group_gap;
    return std::max(x, left + names_width());
  }
  static double name_width(const BarSeries& series) { return 8.6 * static_cast<double>(series.label.size()) + 30; }
  double names_width() const {
    double width = 0;
    for (const BarSeries& series : series_) width += name_width(series);
    return width;
  }
  Svg make_svg(const ChartTexts& texts) const {
    return {plot_right() + right_margin, top + plot_height + bottom_margin, texts.id, texts.title, texts.description};
  }

  // The axis ends at ticks, and has 0 on it.
  void scale() {
    double lowest = 0, highest = 0;
    for (const BarGroup& group : groups_) {
      for (const std::vector<double>& place : group.places) {
        for (const double value : place) {
          if (!std::isfinite(value)) continue;
          lowest = std::min(lowest, value);
          highest = std::max(highest, value);
        }
      }
    }
    step_ = tick_step(highest > lowest ? highest - lowest : 1);
    first_ = std::floor(lowest / step_);
    last_ = std::max(std::ceil(highest / step_ - 1e-6), first_ + 1);  // 1 needs no tick above it for being 1.0000000001
  }
  double y(double value) const { return top + plot_height * (last_ * step_ - value) / ((last_ - first_) * step_); }

  void draw_axis(const std::string& label) {
    for (double k = first_; k <= last_; ++k) {
      svg_.line(left, y(k * step_), plot_right(), y(k * step_), "grid");
      svg_.text(left - 8, y(k * step_) + 4, "end", fmt::format("{:.6g}", k == 0 ? 0 : k * step_), "tick");
    }
    svg_.text(left, top - 18, "start", label, "label");
  }

  void draw_group(const BarGroup& group, double x) {
    const double begin = x + (group_width(group) - bars_width(group)) / 2;
    for (std::size_t i = 0; i < group.places.size(); ++i) {
      for (std::size_t k = 0; k < series_.size(); ++k) {
        const double at =
            begin + static_cast<double>(i) * place_width() + place_gap / 2 + static_cast<double>(k) * bar_width;
        draw_bar(at, group.places[i][k], series_[k]);
      }
    }
    svg_.text(x + group_width(group) / 2, top + plot_height + 22, "middle", group.label, "group");
  }
  void draw_bar(double x, double value, const BarSeries& series) {
    if (std::isfinite(value)) {
      svg_.rect(x, std::min(y(0), y(value)), bar_width - 1, std::abs(y(value) - y(0)), "bar " + series.css_class);
    } else {
      svg_.text(x + bar_width / 2, y(0) - 4, "middle", "\u00d7", "name " + series.css_class);
    }
  }

  // Above the plot, from the right: the last series first.
  void draw_names() {
    double x = plot_right();
    for (std::size_t k = series_.size(); k-- > 0;) {
      svg_.text(x, top - 18, "end", series_[k].label, "name " + series_[k].css_class);
      x -= name_width(series_[k]);
      svg_.rect(x + 14, top - 28, 11, 11, "bar " + series_[k].css_class);
    }
  }

  const std::vector<BarSeries>& series_;
  const std::vector<BarGroup>& groups_;
  double step_ = 1, first_ = 0, last_ = 1;  // the axis: from first_ to last_ times step_
  Svg svg_;
};

}  // namespace

Svg bar_chart(const ChartTexts& texts, const std::vector<BarSeries>& series, const std::vector<BarGroup>& groups) {
  return BarChart(texts, series, groups).svg();
}

}  // namespace wengert::examples
