// The size of a tensor along each axis.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>

namespace wengert {

/// Up to four sizes, outermost first; row-major. {} is the shape of a scalar.
class Shape {
 public:
  static constexpr int max_rank = 4;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes) : Shape(std::span(sizes.begin(), sizes.size())) {}
  explicit Shape(std::span<const std::int64_t> sizes);

  int rank() const { return rank_; }
  /// The size along `axis`; negative counts from the last.
  std::int64_t operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis < 0 ? axis + rank_ : axis)]; }
  std::int64_t numel() const {
    std::int64_t n = 1;
    for (int axis = 0; axis < rank_; ++axis) n *= sizes_[static_cast<std::size_t>(axis)];
    return n;
  }
  /// The product of the sizes of axes [first, last).
  std::int64_t numel(int first, int last) const;

  Shape with(int axis, std::int64_t size) const;  ///< one axis changed
  Shape without(int axis) const;                  ///< one axis removed
  /// An axis in 0..rank-1; negative counts from the last, anything else is an error that begins with `op`.
  int axis(const char* op, int axis) const;

  bool operator==(const Shape& other) const {  // sizes beyond the rank are 0; no loop, because every op asks this
    return rank_ == other.rank_ && sizes_[0] == other.sizes_[0] && sizes_[1] == other.sizes_[1] &&
           sizes_[2] == other.sizes_[2] && sizes_[3] == other.sizes_[3];
  }
  const std::int64_t* begin() const { return sizes_.data(); }
  const std::int64_t* end() const { return sizes_.data() + rank_; }

 private:
  std::array<std::int64_t, max_rank> sizes_{};
  int rank_ = 0;
};

/// As Python writes a tuple: (), (3,), (2, 4).
std::ostream& operator<<(std::ostream&, const Shape&);

}  // namespace wengert
