#include "examples/support/two_blobs/cut_diagram.hpp"

#include <cmath>

namespace wengert::examples {
namespace {

struct Box {
  double x, y;
  const char* text;
  static constexpr double width = 112, height = 36;
};

constexpr Box parameters_b{4, 24, "B's parameters"};
constexpr Box parameters_a{4, 150, "A's parameters"};
constexpr Box bce{164, 24, "bce"};
constexpr Box similarity{164, 150, "inverse_l1"};
constexpr Box loss{300, 87, "loss"};

void draw(Svg& svg, const Box& box) {
  svg.rect(box.x, box.y, Box::width, Box::height, "box");
  svg.text(box.x + Box::width / 2, box.y + Box::height / 2 + 5, "middle", box.text);
}

// From box to box, with a head in the middle that points the way the gradient goes: backwards.
void connect(Svg& svg, const Box& from, const Box& to) {
  const double x1 = from.x + Box::width, y1 = from.y + Box::height / 2;
  const double x2 = to.x, y2 = to.y + Box::height / 2;
  const double length = std::hypot(x2 - x1, y2 - y1), dx = (x2 - x1) / length, dy = (y2 - y1) / length;
  const double tip_x = (x1 + x2) / 2 - 5 * dx, tip_y = (y1 + y2) / 2 - 5 * dy;
  svg.line(x1, y1, x2, y2, "edge");
  svg.path(fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}Z", tip_x, tip_y, tip_x + 11 * dx - 6 * dy,
                       tip_y + 11 * dy + 6 * dx, tip_x + 11 * dx + 6 * dy, tip_y + 11 * dy - 6 * dx),
           "head");
}

void cut(Svg& svg, const Box& from, const Box& to) {
  const double y = from.y + Box::height / 2, middle = (from.x + Box::width + to.x) / 2;
  svg.line(from.x + Box::width, y, to.x, y, "edge broken");
  svg.line(middle - 5, y - 12, middle - 1, y + 12, "cut");
  svg.line(middle + 1, y - 12, middle + 5, y + 12, "cut");
  svg.text(from.x, from.y + Box::height + 20, "start", "A.detach(): the value passes, no gradient does", "cut-name");
}

}  // namespace

Svg cut_diagram(bool pushed) {
  Svg svg(420, 212, "cut", "Where B's gradient goes",
          pushed ? "The gradient of B's loss goes through bce and through inverse_l1 to B's parameters. Towards A's "
                   "parameters it is "
                   "cut, at A.detach()."
                 : "The gradient of B's loss goes through bce to B's parameters. A has no part in it.");
  connect(svg, parameters_b, bce);
  connect(svg, bce, loss);
  if (pushed) {
    connect(svg, parameters_b, similarity);
    connect(svg, similarity, loss);
    cut(svg, parameters_a, similarity);
    draw(svg, similarity);
  }
  for (const Box& box : {parameters_b, parameters_a, bce, loss}) draw(svg, box);
  return svg;
}

std::string cut_diagram_style() {
  return R"(svg .box { fill: var(--page); stroke: var(--faint); }
svg .edge { stroke: var(--faint); stroke-width: 1.5; }
svg .edge.broken { stroke-dasharray: 4 4; }
svg .head { fill: var(--b); }
svg .cut { stroke: var(--cut); stroke-width: 2.5; }
svg .cut-name { fill: var(--cut); font-size: 12px; font-weight: 600; }
)";
}

}  // namespace wengert::examples
