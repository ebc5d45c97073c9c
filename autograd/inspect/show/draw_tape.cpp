#include "autograd/inspect/show/draw_tape.hpp"

#include "autograd/inspect/show/assets/assets.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/layers.hpp"
#include "autograd/inspect/show/svg.hpp"
#include "kernels/base/error.hpp"

namespace wengert {
namespace {

constexpr double box_width = 126, line_height = 15, padding = 7, margin = 8;
constexpr std::size_t longest_line = 20, gradient_line = 2;

double height_of(const TapePicture::Box& box) {
  return static_cast<double>(box.lines.size()) * line_height + 2 * padding;
}

Placed place(const TapePicture& picture) {
  Boxes boxes{box_width, {}, {}};
  for (const TapePicture::Box& box : picture.boxes) boxes.heights.push_back(height_of(box));
  for (const TapePicture::Edge& edge : picture.edges) boxes.edges.push_back({edge.from, edge.to});
  return place_in_layers(boxes);
}

// Cut at a character's end: the bytes of one UTF-8 character stay together.
std::string abridged(const std::string& text) {
  std::size_t characters = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool begins = (static_cast<unsigned char>(text[k]) & 0xC0U) != 0x80U;
    if (begins && ++characters == longest_line && k + 1 < text.size()) return text.substr(0, k) + "\u2026";
  }
  return text;
}

class Path {
 public:
  Path& append(const char* command, Point to) {
    text_ += command + to_hundredths(margin + to.x) + " " + to_hundredths(margin + to.y);
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Straight past a column, a wave from one to the next.
Path along(const std::vector<Point>& route) {
  Path path;
  path.append("M", route[0]);
  for (std::size_t k = 1; k < route.size(); ++k) {
    const Point &from = route[k - 1], &to = route[k];
    const double middle = (from.x + to.x) / 2;
    path.append("C", {middle, from.y}).append(" ", {middle, to.y}).append(" ", to);
  }
  return path;
}

// With an arrow's head where it arrives.
std::string line_of(const std::vector<Point>& route) {
  const Point& end = route.back();
  Path path = along(route);
  return path.append("M", {end.x - 7, end.y - 4}).append("L", end).append("L", {end.x - 7, end.y + 4}).text();
}

// Of a gradient, which arrives where the line begins.
std::string head_of(const std::vector<Point>& route) {
  const Point& end = route.front();
  return Path().append("M", end).append("L", {end.x + 10, end.y - 6}).append("L", {end.x + 10, end.y + 6}).text() + "Z";
}

std::string width_class(double gradient, double widest) {
  if (!std::isfinite(gradient)) return " wild";
  if (gradient == 0) return " zero";
  const double halves = 2 * std::log10(gradient / widest);
  return " w" + std::to_string(static_cast<int>(std::clamp(8 + std::round(halves), 1., 8.)));
}

std::string numbers(const std::vector<std::size_t>& rows) {
  std::string text;
  for (const std::size_t row : rows) text.append(text.empty() ? "" : " ").append(std::to_string(row));
  return text;
}

class Drawing {
 public:
  Drawing(const TapePicture& picture, const DrawTapeOptions& options)
      : picture_(picture),
        placed_(place(picture)),
        svg_(placed_.width + 2 * margin, placed_.height + 2 * margin, options.id, options.title, picture.description,
             "tape") {}

  void draw_lines() {
    for (std::size_t k = 0; k < picture_.edges.size(); ++k) {
      svg_.path(line_of(placed_.routes[k]), picture_.edges[k].classes);
    }
  }

  void draw_gradients(double widest) {
    for (std::size_t k = 0; k < picture_.edges.size(); ++k) {
      const TapePicture::Edge& edge = picture_.edges[k];
      if (!edge.gradient) continue;
      svg_.open_group("gradient" + width_class(*edge.gradient, widest), "|gradient| " + four_digits(*edge.gradient),
                      {{"data-readers", numbers(edge.readers)}});
      svg_.path(along(placed_.routes[k]).text(), "band").path(head_of(placed_.routes[k]), "head").close_group();
    }
  }

  void draw_boxes(bool pending) {
    for (std::size_t k = 0; k < picture_.boxes.size(); ++k) draw(picture_.boxes[k], placed_.boxes[k], pending);
  }

  double width() const { return placed_.width + 2 * margin; }
  std::string element(const char* style) const { return svg_.element(style); }

 private:
  void draw(const TapePicture::Box& box, Point corner, bool pending) {
    const double x = margin + corner.x, y = margin + corner.y;
    const auto write = [&](std::size_t line, const std::string& text, const char* classes) {
      svg_.text(x + box_width / 2, y + padding + line_height * (static_cast<double>(line) + 0.75), "middle",
                abridged(text), classes);
    };
    Svg::Attributes attributes;
    if (pending) attributes = {{"data-rows", numbers(box.rows)}, {"data-group", box.group}};
    svg_.open_group(box.classes, box.tooltip, attributes);
    svg_.rect(x, y, box_width, height_of(box), "");
    const bool changes = pending && box.collects;
    for (std::size_t line = 0; line < box.lines.size(); ++line) {
      write(line, box.lines[line], line == 0 ? "heading" : changes && line == gradient_line ? "known" : "");
    }
    if (changes) write(gradient_line, "gradient -", "pending");
    svg_.close_group();
  }

  const TapePicture& picture_;
  Placed placed_;
  Svg svg_;
};

}  // namespace

std::string draw_tape(const Var& root, const DrawTapeOptions& options) {
  const Tape tape(root);
  if (tape.rows().empty()) {
    Svg svg(360, 40, options.id, options.title, "No tape: this value was recorded by nothing.", "tape");
    return svg.text(margin, 24, "start", "no tape: this value was recorded by nothing").element(tape_style());
  }
  const TapePicture picture = picture_of(tape);
  if (picture.boxes.size() > most_boxes) {
    fail("draw_tape: this tape has ", picture.boxes.size(), " boxes, and a picture shows at most ", most_boxes,
         "; print_tape lists them");
  }
  Drawing drawing(picture, options);
  drawing.draw_lines();
  drawing.draw_boxes(false);
  return drawing.element(tape_style());
}

DrawnPicture draw_picture(const TapePicture& picture, const DrawTapeOptions& options, double widest) {
  Drawing drawing(picture, options);
  drawing.draw_gradients(widest);
  drawing.draw_lines();
  drawing.draw_boxes(true);
  return {drawing.element(""), drawing.width()};
}

const char* tape_style() { return assets::tape_css; }

}  // namespace wengert
