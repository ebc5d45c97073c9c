// The size of a tensor along each axis.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <span>
#include <string>

namespace wengert {

/// Up to four sizes, outermost first; row-major. {} is the shape of a scalar.
///
/// The product of any of the sizes fits into 64 bits, and so do the bytes of that many elements: sizes other than 0 are
/// multiplied where a shape is made, and one that is larger is an Error that begins with `op`, as for a negative size.
class Shape {
 public:
  static constexpr int max_rank = 4;
  static constexpr std::int64_t max_numel =
      std::numeric_limits<std::int64_t>::max() / 8;  // an element has 8 bytes at most

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> sizes, const char* op = "shape")
      : Shape(std::span(sizes.begin(), sizes.size()), op) {}
  explicit Shape(std::span<const std::int64_t> sizes, const char* op = "shape") {
    if (sizes.size() > max_rank) [[unlikely]]
      refuse_rank(op, sizes.size());
    for (const std::int64_t size : sizes) sizes_[static_cast<std::size_t>(rank_++)] = size;
    check(op);
  }

  int rank() const { return rank_; }
  /// The size along `axis`; negative counts from the last. Error: out of range.
  std::int64_t operator[](int axis) const { return sizes_[place(axis)]; }
  std::int64_t numel() const {
    std::int64_t n = 1;
    for (int axis = 0; axis < rank_; ++axis) n *= sizes_[static_cast<std::size_t>(axis)];
    return n;
  }
  /// The product of the sizes of axes [first, last).
  std::int64_t numel(int first, int last) const;

  Shape with(int axis, std::int64_t size, const char* op = "shape") const;  ///< one axis changed
  Shape without(int axis) const;                                            ///< one axis removed
  /// An axis in 0..rank-1; negative counts from the last, anything else is an error that begins with `op`.
  int axis(const char* op, int axis) const;

  bool operator==(const Shape& other) const {  // sizes beyond the rank are 0; no loop, because every op asks this
    return rank_ == other.rank_ && sizes_[0] == other.sizes_[0] && sizes_[1] == other.sizes_[1] &&
           sizes_[2] == other.sizes_[2] && sizes_[3] == other.sizes_[3];
  }
  const std::int64_t* begin() const { return sizes_.data(); }
  const std::int64_t* end() const { return sizes_.data() + rank_; }

 private:
  std::size_t place(int axis) const {
    const int own = axis < 0 ? axis + rank_ : axis;
    if (own < 0 || own >= rank_) [[unlikely]]
      refuse_axis("shape", axis);
    return static_cast<std::size_t>(own);
  }
  [[noreturn]] static void refuse_rank(const char* op, std::size_t axes);
  [[noreturn]] void refuse_axis(const char* op, int axis) const;
  void check(const char* op) const {
    std::uint64_t bits = 0;
    for (const std::int64_t size : sizes_) bits |= static_cast<std::uint64_t>(size);
    if (bits >= 1U << 15) [[unlikely]]  // four smaller sizes cannot overflow: nearly every shape, and each op makes one
      check_product(op);
  }
  void check_product(const char* op) const;

  std::array<std::int64_t, max_rank> sizes_{};
  int rank_ = 0;
};

/// As Python writes a tuple: (), (3,), (2, 4).
std::ostream& operator<<(std::ostream&, const Shape&);
/// The same of sizes that may be no shape.
std::string text_of(std::span<const std::int64_t> sizes);

}  // namespace wengert
