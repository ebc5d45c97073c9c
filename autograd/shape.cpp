#include "autograd/shape.hpp"

#include <algorithm>
#include <ostream>

#include "kernels/error.hpp"

namespace wengert {

Shape::Shape(std::span<const std::int64_t> sizes) {
  if (sizes.size() > max_rank) fail("shape: at most ", max_rank, " axes are supported, got ", sizes.size());
  for (const std::int64_t size : sizes) {
    if (size < 0) fail("shape: a size cannot be negative, got ", size);
    sizes_[static_cast<std::size_t>(rank_++)] = size;
  }
}

std::int64_t Shape::numel(int first, int last) const {
  std::int64_t n = 1;
  for (int axis = first; axis < last; ++axis) n *= (*this)[axis];
  return n;
}

Shape Shape::with(int axis, std::int64_t size) const {
  Shape result = *this;
  result.sizes_[static_cast<std::size_t>(axis)] = size;
  return result;
}

Shape Shape::without(int axis) const {
  Shape result = *this;
  const auto removed = result.sizes_.begin() + axis;
  std::copy(removed + 1, result.sizes_.end(), removed);
  result.sizes_.back() = 0;
  --result.rank_;
  return result;
}

int Shape::axis(const char* op, int axis) const {
  if (axis < -rank_ || axis >= rank_) fail(op, ": axis ", axis, " is out of range for a tensor of shape ", *this);
  return axis < 0 ? axis + rank_ : axis;
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  out << '(';
  for (int axis = 0; axis < shape.rank(); ++axis) out << (axis ? ", " : "") << shape[axis];
  return out << (shape.rank() == 1 ? ",)" : ")");
}

}  // namespace wengert
