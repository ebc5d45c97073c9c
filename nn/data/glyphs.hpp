// The ten digits as strokes of a pen.
#pragma once

#include <span>
#include <vector>

namespace wengert::data {

/// In a box of width and height 1, y downwards.
struct Point {
  double x, y;
};

/// Points that the pen goes through, along a smooth curve; two make a line.
using Stroke = std::vector<Point>;
/// One way to write a digit.
using Glyph = std::vector<Stroke>;

/// The ways to write the digit, 0 to 9.
std::span<const Glyph> glyphs(int digit);

}  // namespace wengert::data
