#include "autograd/inspect/draw_tape.hpp"

#include <vector>

#include "autograd/inspect/layers.hpp"
#include "autograd/inspect/svg.hpp"
#include "autograd/inspect/tape_picture.hpp"
#include "kernels/error.hpp"

namespace wengert {
namespace {

constexpr double box_width = 126, line_height = 15, padding = 7, margin = 8;
constexpr std::size_t longest_line = 20, most_boxes = 1000;

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

// Straight past a column, a wave from one to the next, and an arrow's head where it arrives.
std::string path_of(const std::vector<Point>& route) {
  std::string path;
  const auto append = [&](const char* command, double x, double y) {
    path += command + to_hundredths(margin + x) + " " + to_hundredths(margin + y);
  };
  append("M", route[0].x, route[0].y);
  for (std::size_t k = 1; k < route.size(); ++k) {
    const Point &from = route[k - 1], &to = route[k];
    const double middle = (from.x + to.x) / 2;
    append("C", middle, from.y);
    append(" ", middle, to.y);
    append(" ", to.x, to.y);
  }
  const Point& end = route.back();
  append("M", end.x - 7, end.y - 4);
  append("L", end.x, end.y);
  append("L", end.x - 7, end.y + 4);
  return path;
}

void draw(Svg& svg, const TapePicture::Box& box, Point corner) {
  const double x = margin + corner.x, y = margin + corner.y;
  svg.open_group(box.classes, box.tooltip);
  svg.rect(x, y, box_width, height_of(box), "");
  for (std::size_t k = 0; k < box.lines.size(); ++k) {
    svg.text(x + box_width / 2, y + padding + line_height * (static_cast<double>(k) + 0.75), "middle",
             abridged(box.lines[k]), k == 0 ? "heading" : "");
  }
  svg.close_group();
}

// Colours that a page may replace, all under one class, since a style sheet in a page is the whole page's.
constexpr const char* style =
    R"(svg.tape { --ink: #1c2430; --quiet: #5d6878; --paper: #ffffff; --leaf: #e3f3f1; --line: #0b7a75; --grey: #eceff3; --grey-line: #8a94a3; }
@media (prefers-color-scheme: dark) { svg.tape { --ink: #e6eaf0; --quiet: #a5b0bf; --paper: #11161d; --leaf: #10312f; --line: #4fd1c5; --grey: #262d37; --grey-line: #7d8898; } }
svg.tape { font: 11px system-ui, sans-serif; }
svg.tape text { fill: var(--ink); font-size: 11px; }
svg.tape .heading { font-size: 12px; font-weight: 600; }
svg.tape .box rect { fill: var(--paper); stroke: var(--line); rx: 6px; }
svg.tape .leaf rect { fill: var(--leaf); }
svg.tape .still rect, svg.tape .cut rect { fill: var(--grey); stroke: var(--grey-line); }
svg.tape .constant rect { fill: none; stroke: var(--grey-line); stroke-width: 0.6; }
svg.tape .cut rect { stroke-dasharray: 5 3; stroke-width: 1.6; }
svg.tape .still text, svg.tape .cut text, svg.tape .constant text { fill: var(--quiet); }
svg.tape .edge { fill: none; stroke: var(--grey-line); stroke-width: 1.1; }
svg.tape .edge.flowing { stroke: var(--line); stroke-width: 1.5; }
svg.tape .edge.broken { stroke-dasharray: 5 4; stroke-width: 1.6; }
)";

}  // namespace

std::string draw_tape(const Var& root, const DrawTapeOptions& options) {
  const Tape tape(root);
  if (tape.rows().empty()) {
    Svg svg(360, 40, options.id, options.title, "No tape: this value was recorded by nothing.", "tape");
    return svg.text(margin, 24, "start", "no tape: this value was recorded by nothing").element(style);
  }
  const TapePicture picture = picture_of(tape);
  if (picture.boxes.size() > most_boxes) {
    fail("draw_tape: this tape has ", picture.boxes.size(), " boxes, and a picture shows at most ", most_boxes,
         "; print_tape lists them");
  }
  const Placed placed = place(picture);
  Svg svg(placed.width + 2 * margin, placed.height + 2 * margin, options.id, options.title, picture.description,
          "tape");
  for (std::size_t k = 0; k < picture.edges.size(); ++k) svg.path(path_of(placed.routes[k]), picture.edges[k].classes);
  for (std::size_t k = 0; k < picture.boxes.size(); ++k) draw(svg, picture.boxes[k], placed.boxes[k]);
  return svg.element(style);
}

}  // namespace wengert
