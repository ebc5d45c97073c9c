#include "examples/support/picture.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace wengert::examples {
namespace {

int ink(const Picture& picture, std::int64_t row, std::int64_t column) {
  return row < picture.rows ? picture.pixels[static_cast<std::size_t>(row * picture.columns + column)] : 0;
}

constexpr int strengths = 4;

// 0 is paper. Rounded, since faint pixels are many and say little.
int strength(int value) { return (value * strengths + 127) / 255; }

// The runs of pixels of one strength, each as a bar of height 1.
std::string bars(const Picture& picture, int wanted) {
  std::string commands;
  for (std::int64_t row = 0; row < picture.rows; ++row) {
    for (std::int64_t column = 0; column < picture.columns;) {
      const std::int64_t begin = column;
      while (column < picture.columns && strength(ink(picture, row, column)) == wanted) ++column;
      const std::int64_t length = column - begin;
      if (length > 0) fmt::format_to(std::back_inserter(commands), "M{} {}h{}v1h-{}z", begin, row, length, length);
      if (length == 0) ++column;
    }
  }
  return commands;
}

}  // namespace

std::vector<std::string> as_characters(const Picture& picture) {
  constexpr std::string_view ramp = " .:-=+*#%@";
  std::vector<std::string> lines;
  for (std::int64_t row = 0; row < picture.rows; row += 2) {
    std::string& line = lines.emplace_back();
    for (std::int64_t column = 0; column < picture.columns; ++column) {
      const int both = ink(picture, row, column) + ink(picture, row + 1, column);
      line += ramp[static_cast<std::size_t>(both) * (ramp.size() - 1) / (2 * 255)];
    }
  }
  return lines;
}

Svg as_drawing(const Picture& picture, const std::string& id, const std::string& title) {
  Svg svg(static_cast<double>(picture.columns), static_cast<double>(picture.rows), id, title, "", "picture");
  for (int k = 1; k <= strengths; ++k) {
    if (const std::string commands = bars(picture, k); !commands.empty()) {
      svg.path(commands, "ink", static_cast<double>(k) / strengths);
    }
  }
  return svg;
}

}  // namespace wengert::examples
