// A grey image as characters and as a drawing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "autograd/inspect/show/svg.hpp"

namespace wengert::examples {

/// 0 is paper, 255 ink; row-major.
struct Picture {
  std::int64_t rows = 0, columns = 0;
  std::span<const std::uint8_t> pixels;
};

/// A character for two pixels, one above the other, the darker the more ink: lines of equal length.
std::vector<std::string> as_characters(const Picture&);

/// In four strengths of the class "ink". The id must be unique on the page; the title is what a screen reader says.
Svg as_drawing(const Picture&, const std::string& id, const std::string& title);

}  // namespace wengert::examples
