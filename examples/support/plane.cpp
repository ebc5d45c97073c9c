#include "examples/support/plane.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <map>

namespace wengert::examples {
namespace {

constexpr int cells = 50;  // on each side
constexpr int shades = 6;  // on each side of 0

// -shades..shades; what is no number has none.
int shade_of(float lean) {
  return std::isfinite(lean) ? static_cast<int>(std::lround(std::fmin(std::fmax(lean, -1.F), 1.F) * shades)) : 0;
}

}  // namespace

Plane::Plane(Svg& svg, double left, double top, double size, double extent)
    : svg_(svg), left_(left), top_(top), size_(size), extent_(extent) {
  svg_.rect(left, top, size, size, "paper");
}

Tensor Plane::centres(double extent) {
  std::vector<float> numbers;
  const auto centre = [&](int cell) { return static_cast<float>(extent * ((2. * cell + 1) / cells - 1)); };
  for (int row = 0; row < cells; ++row) {
    for (int column = 0; column < cells; ++column) numbers.insert(numbers.end(), {centre(column), -centre(row)});
  }
  return Tensor::from(numbers, {cells * cells, 2});
}

// One path for each shade, and in it a bar for each run of neighbours: pages stay small, whatever is on them.
void Plane::shade(const std::vector<float>& leans, const std::string& positive, const std::string& negative) {
  std::map<int, std::string> bars;
  for (int row = 0; row < cells; ++row) {
    const float* const here = &leans[static_cast<std::size_t>(row) * cells];
    for (int begin = 0, end = 0; begin < cells; begin = end) {
      const int shade = shade_of(here[begin]);
      while (end < cells && shade_of(here[end]) == shade) ++end;
      if (shade != 0) bars[shade] += bar(row, begin, end);
    }
  }
  for (const auto& [shade, commands] : bars) {
    svg_.path(commands, "field " + (shade > 0 ? positive : negative), 0.5 * std::abs(shade) / shades);
  }
}

// Cells [begin, end) of a row.
std::string Plane::bar(int row, int begin, int end) const {
  const double side = size_ / cells;
  const std::string width = to_hundredths((end - begin) * side), height = to_hundredths(side);
  return fmt::format("M{} {}h{}v{}h-{}z", to_hundredths(left_ + begin * side), to_hundredths(top_ + row * side), width,
                     height, width);
}

// Marching squares: where 1/2 lies between two neighbouring centres, the border crosses the line from one to the other;
// within four centres, crossings are joined in pairs.
void Plane::border(const std::vector<float>& chances, const std::string& classes) {
  const double side = size_ / cells;
  const auto excess = [&](int row, int column) {
    return chances[static_cast<std::size_t>(row * cells + column)] - 0.5F;
  };
  std::string commands;
  const auto cross = [&](int& crossings, int row, int column, int next_row, int next_column) {
    const float from = excess(row, column), to = excess(next_row, next_column);
    if ((from > 0) == (to > 0)) return;
    const double part = std::isfinite(from - to) ? from / (from - to) : 0.5;
    const double across = left_ + side * (column + 0.5 + part * (next_column - column));
    const double down = top_ + side * (row + 0.5 + part * (next_row - row));
    fmt::format_to(std::back_inserter(commands), "{}{:.1f} {:.1f}", crossings++ % 2 == 0 ? "M" : "L", across, down);
  };
  for (int row = 0; row + 1 < cells; ++row) {
    for (int column = 0; column + 1 < cells; ++column) {
      int crossings = 0;
      cross(crossings, row, column, row, column + 1);
      cross(crossings, row, column + 1, row + 1, column + 1);
      cross(crossings, row + 1, column + 1, row + 1, column);
      cross(crossings, row + 1, column, row, column);
    }
  }
  if (!commands.empty()) svg_.path(commands, classes);
}

void Plane::points(const Tensor& points, const Tensor& targets) {
  const std::vector<float> at = points.to_vector();
  const std::vector<float> target = targets.to_vector();
  for (std::size_t i = 0; i < target.size(); ++i) {
    const double px = at[2 * i], py = at[2 * i + 1];
    if (!(std::abs(px) <= extent_ && std::abs(py) <= extent_)) continue;
    if (target[i] > 0.5F) {
      svg_.circle(x(px), y(py), 5.5, "point one");
    } else {
      svg_.rect(x(px) - 5, y(py) - 5, 10, 10, "point zero");
    }
  }
}

void Plane::frame(const std::string& heading) {
  svg_.rect(left_, top_, size_, size_, "frame");
  svg_.text(left_, top_ - 10, "start", heading);
  for (const int value : {-2, 0, 2}) {
    svg_.text(x(value), top_ + size_ + 18, "middle", fmt::format("{}", value), "tick");
    svg_.text(left_ - 8, y(value) + 4, "end", fmt::format("{}", value), "tick");
  }
}

}  // namespace wengert::examples
