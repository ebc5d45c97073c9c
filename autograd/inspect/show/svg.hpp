// Writing SVG and HTML: text is escaped here, and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wengert {

/// The number to a hundredth, without trailing zeros.
std::string to_hundredths(double value);

/// The text with & < > " written so that it stands for itself.
std::string escaped(std::string_view text);

/// A drawing, built up shape by shape. Coordinates are user units, y downwards; looks come from CSS classes.
class Svg {
 public:
  /// `title` and `description` are what a screen reader says; `id` must be unique on the page.
  Svg(double width, double height, std::string id, std::string title, std::string description,
      std::string classes = {});

  Svg& line(double x1, double y1, double x2, double y2, std::string_view classes);
  Svg& rect(double x, double y, double width, double height, std::string_view classes);
  Svg& circle(double x, double y, double radius, std::string_view classes);
  Svg& path(std::string_view commands, std::string_view classes, double opacity = 1);
  /// The anchor is start, middle or end.
  Svg& text(double x, double y, std::string_view anchor, std::string_view content, std::string_view classes = "");
  /// What follows until close_group belongs together; whoever points at it is shown the tooltip. The attributes, of
  /// which empty ones are left out, are for scripts.
  using Attributes = std::vector<std::pair<std::string_view, std::string>>;
  Svg& open_group(std::string_view classes, std::string_view tooltip, const Attributes& attributes = {});
  Svg& close_group();

  /// The element, to stand in a page, or with a style sheet in a file of its own.
  std::string element(std::string_view style = {}) const;

 private:
  double width_, height_;
  std::string id_, title_, description_, classes_, shapes_;
};

}  // namespace wengert
