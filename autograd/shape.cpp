#include "autograd/shape.hpp"

#include <algorithm>
#include <ostream>

#include "kernels/base/error.hpp"

namespace wengert {

void Shape::refuse_rank(const char* op, std::size_t axes) {
  fail(op, ": at most ", max_rank, " axes are supported, got ", axes);
}

void Shape::check_product(const char* op) const {
  std::int64_t product = 1;
  for (const std::int64_t size : *this) {
    if (size < 0) fail(op, ": a size cannot be negative, got the shape ", *this);
    if (size == 0) continue;
    if (__builtin_mul_overflow(product, size, &product) || product > max_numel) {
      fail(op, ": the shape ", *this, " has more elements than any memory can hold");
    }
  }
}

std::int64_t Shape::numel(int first, int last) const {
  std::int64_t n = 1;
  for (int axis = first; axis < last; ++axis) n *= (*this)[axis];
  return n;
}

Shape Shape::with(int axis, std::int64_t size, const char* op) const {
  Shape result = *this;
  result.sizes_[place(axis)] = size;
  result.check(op);
  return result;
}

Shape Shape::without(int axis) const {
  Shape result = *this;
  const auto removed = result.sizes_.begin() + static_cast<std::ptrdiff_t>(place(axis));
  std::copy(removed + 1, result.sizes_.end(), removed);
  result.sizes_.back() = 0;
  --result.rank_;
  return result;
}

int Shape::axis(const char* op, int axis) const {
  if (axis < -rank_ || axis >= rank_) refuse_axis(op, axis);
  return axis < 0 ? axis + rank_ : axis;
}

void Shape::refuse_axis(const char* op, int axis) const {
  fail(op, ": axis ", axis, " is out of range for a tensor of shape ", *this);
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << text_of(std::span(shape)); }

std::string text_of(std::span<const std::int64_t> sizes) {
  std::string text = "(";
  for (const std::int64_t size : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + (sizes.size() == 1 ? ",)" : ")");
}

}  // namespace wengert
