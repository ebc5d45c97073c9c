#include "autograd/inspect/draw_tape.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <sstream>
#include <vector>

#include "autograd/inspect/layers.hpp"
#include "autograd/inspect/svg.hpp"
#include "autograd/inspect/tape.hpp"
#include "kernels/error.hpp"

namespace wengert {
namespace {

constexpr double box_width = 126, line_height = 15, padding = 7, margin = 8;
constexpr std::size_t longest_line = 20, most_boxes = 1000;

// An edge's classes: gradient goes back along it, does not, or was cut off.
constexpr const char *flowing = "edge flowing", *still = "edge", *broken = "edge broken";

struct Box {
  std::string classes;
  std::vector<std::string> lines;  // the first is the heading
  std::string tooltip;             // all of it, unabridged
};

struct Edge {
  std::size_t from, to;
  const char* classes;
};

struct Picture {
  std::vector<Box> boxes;
  std::vector<Edge> edges;
};

std::string four_digits(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
  return {text.data(), end.ptr};
}

// One number as it is, several as their shape.
std::string value_text(const Tensor& x) {
  if (!x.defined()) return "";
  if (x.numel() == 1) return "= " + four_digits(x.item<double>());
  std::ostringstream text;
  text << x.shape();
  return text.str();
}

std::string gradient_text(const Node& node) {
  if (node.frozen) return "frozen";
  if (!node.has_gradient) return "gradient -";
  const std::vector<double> values = node.gradient.to_vector<double>();
  if (values.size() == 1) return "gradient " + four_digits(values[0]);
  double squares = 0;
  for (const double value : values) squares += value * value;
  return "|gradient| " + four_digits(std::sqrt(squares));
}

std::string joined(std::initializer_list<std::string> words, const char* between) {
  std::string text;
  for (const std::string& word : words) {
    if (!word.empty()) text += (text.empty() ? "" : between) + word;
  }
  return text;
}

Box box_of_constant(const Tensor& value) {
  const std::string* const name = value.defined() ? value.storage()->name.get() : nullptr;
  const std::string heading = name ? *name : "constant";
  return {"box constant", {heading, value_text(value)}, joined({heading, brief(value)}, ": ")};
}

Box box_of_cut(const Tape::Row& row) {
  const Cut& cut = *row.cut;
  const std::string kind = cut.kind == Cut::Kind::detach ? "detach" : "no_grad";
  const std::string what = cut.what.empty() ? value_text(row.value) : cut.what;
  return {"box cut",
          {kind, what, "no gradient", brief(cut.where)},
          joined({kind, cut.what, brief(row.value), brief(cut.where)}, ", ")};
}

Box box_of_step(const Tape::Row& row) {
  const Node& node = *row.node;
  const std::string name = node.notes ? node.notes->name : "";
  std::string value = value_text(row.value);
  if (value.empty()) {  // no number is known, but the shape is
    std::ostringstream shape;
    shape << node.shape;
    value = shape.str();
  }
  const std::string gradient = node.has_gradient && !node.frozen ? brief(node.gradient) : gradient_text(node);
  return {joined({"box", node.is_leaf ? "leaf" : "step", row.behind_cut || node.frozen ? "still" : ""}, " "),
          {name.empty() ? node.op : name, joined({name.empty() ? "" : node.op, value}, " "), gradient_text(node)},
          joined({joined({name, node.op}, ": "), brief(row.value), "gradient " + gradient, brief(node.where)}, ", ")};
}

const char* classes_of_edge(const Tape& tape, const Tape::Row& to, const Tape::Input& input) {
  if (to.cut) return broken;
  if (input.number == 0) return still;
  const Tape::Row& from = tape.rows()[input.number - 1];
  return from.cut || !from.node->wants_gradient() ? still : flowing;
}

// The tape's rows in their order, then the constants.
Picture picture_of(const Tape& tape) {
  Picture picture;
  for (const Tape::Row& row : tape.rows()) picture.boxes.push_back(row.cut ? box_of_cut(row) : box_of_step(row));
  for (std::size_t to = 0; to < tape.rows().size(); ++to) {
    const Tape::Row& row = tape.rows()[to];
    for (const Tape::Input& input : tape.inputs(row)) {
      picture.edges.push_back({input.number > 0 ? input.number - 1 : picture.boxes.size(), to,  //
                               classes_of_edge(tape, row, input)});
      if (input.number == 0) picture.boxes.push_back(box_of_constant(input.value));
    }
  }
  std::ranges::stable_partition(picture.edges, [](const Edge& edge) { return edge.classes != flowing; });  // on top
  if (picture.boxes.size() > most_boxes) {
    fail("draw_tape: this tape has ", picture.boxes.size(), " boxes, and a picture shows at most ", most_boxes,
         "; print_tape lists them");
  }
  return picture;
}

double height_of(const Box& box) { return static_cast<double>(box.lines.size()) * line_height + 2 * padding; }

Placed place(const Picture& picture) {
  Boxes boxes{box_width, {}, {}};
  for (const Box& box : picture.boxes) boxes.heights.push_back(height_of(box));
  for (const Edge& edge : picture.edges) boxes.edges.push_back({edge.from, edge.to});
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

void draw(Svg& svg, const Box& box, Point corner) {
  const double x = margin + corner.x, y = margin + corner.y;
  svg.open_group(box.classes, box.tooltip);
  svg.rect(x, y, box_width, height_of(box), "");
  for (std::size_t k = 0; k < box.lines.size(); ++k) {
    svg.text(x + box_width / 2, y + padding + line_height * (static_cast<double>(k) + 0.75), "middle",
             abridged(box.lines[k]), k == 0 ? "heading" : "");
  }
  svg.close_group();
}

std::string description_of(const Tape& tape) {
  std::ostringstream text;
  text << "The " << tape.rows().size() << " steps of the tape, from left to right.";
  for (const Tape::Row& row : tape.rows()) {
    if (!row.cut) continue;
    text << " Cut by " << (row.cut->kind == Cut::Kind::detach ? "detach" : "no_grad") << ":";
    for (const Ref<Node>& from : row.cut->from) text << ' ' << from->label();
    text << '.';
  }
  return text.str();
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
  const Picture picture = picture_of(tape);
  const Placed placed = place(picture);
  Svg svg(placed.width + 2 * margin, placed.height + 2 * margin, options.id, options.title, description_of(tape),
          "tape");
  for (std::size_t k = 0; k < picture.edges.size(); ++k) svg.path(path_of(placed.routes[k]), picture.edges[k].classes);
  for (std::size_t k = 0; k < picture.boxes.size(); ++k) draw(svg, picture.boxes[k], placed.boxes[k]);
  return svg.element(style);
}

}  // namespace wengert
