// What a model answers where in the plane.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/show/svg.hpp"
#include "autograd/tensor.hpp"

namespace wengert::examples {

/// Draws the square [-extent, extent]^2 into the square of `size` user units whose upper left corner is (left, top), as
/// a grid of cells. Values belong to the cells' centres, row by row from the top.
class Plane {
 public:
  Plane(Svg& svg, double left, double top, double size, double extent);
  /// (n, 2), the centres of the n cells.
  static Tensor centres(double extent);
  /// Shades each cell by its lean, from -1 to 1: the stronger, the farther from 0. The classes are those of either side.
  void shade(const std::vector<float>& leans, const std::string& positive, const std::string& negative);
  /// Draws the line where the chance is 1/2.
  void border(const std::vector<float>& chances, const std::string& classes);
  /// Points (n, 2) with targets (n): a circle for 1, a square for 0.
  void points(const Tensor& points, const Tensor& targets);
  void frame(const std::string& heading);

 private:
  double x(double value) const { return left_ + size_ * (value + extent_) / (2 * extent_); }
  double y(double value) const { return top_ + size_ * (extent_ - value) / (2 * extent_); }
  std::string bar(int row, int begin, int end) const;

  Svg& svg_;
  double left_, top_, size_, extent_;
};

}  // namespace wengert::examples
