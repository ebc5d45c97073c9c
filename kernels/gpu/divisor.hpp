// Division of many numbers by one that is known before the launch: a multiplication in place of some hundred instructions.
#pragma once

#include <cstdint>

#include <simt.hpp>

namespace wengert::kernels::gpu {

/// With inverse = ceil(2^64 / d), i inverse / 2^64 exceeds i / d by less than i / 2^64, so that its whole part is exact for
/// i < 2^64 / d.
class Divisor {
 public:
  Divisor() = default;
  explicit Divisor(std::int64_t d)
      : d_(static_cast<std::uint64_t>(d)), inverse_(d > 1 ? ~std::uint64_t{0} / d_ + 1 : 0) {}

  /// The greatest number that is divided exactly by every d up to itself.
  static constexpr std::int64_t most = std::int64_t{1} << 32;

  __device__ std::int64_t quotient(std::int64_t i) const {
    return d_ == 1 ? i : static_cast<std::int64_t>(__umul64hi(static_cast<std::uint64_t>(i), inverse_));
  }
  __device__ std::int64_t remainder(std::int64_t i, std::int64_t quotient) const {
    return i - quotient * static_cast<std::int64_t>(d_);
  }

 private:
  std::uint64_t d_ = 1, inverse_ = 0;
};

}  // namespace wengert::kernels::gpu
