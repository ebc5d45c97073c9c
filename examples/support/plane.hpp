// What a model answers where in the plane.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "autograd/tensor.hpp"
#include "examples/support/svg.hpp"

namespace wengert::examples {

/// Shades the square [-extent, extent]^2 by chance(points), points (n, 2) to (n, 1) numbers from 0 to 1, and draws the
/// line where it is 1/2, into the square of `size` user units whose upper left corner is (left, top).
class Plane {
 public:
  Plane(Svg& svg, double left, double top, double size, double extent);
  void shade(const std::function<Tensor(const Tensor& points)>& chance);
  /// Points (n, 2) with targets (n): a circle for 1, a square for 0.
  void points(const Tensor& points, const Tensor& targets);
  void frame(const std::string& heading);

 private:
  double x(double value) const { return left_ + size_ * (value + extent_) / (2 * extent_); }
  double y(double value) const { return top_ + size_ * (extent_ - value) / (2 * extent_); }
  void shade_row(double top, const float* chances);
  void draw_border(const std::vector<float>& chances);

  Svg& svg_;
  double left_, top_, size_, extent_;
};

}  // namespace wengert::examples
