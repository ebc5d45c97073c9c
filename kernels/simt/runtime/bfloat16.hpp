// Numbers rounded to bfloat16.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>

namespace simt::detail {

enum class Rounding : std::uint8_t { nearest, to_zero, down, up };  // nearest: ties to even

/// The bits of x as a bfloat16, rounded once. NaN becomes CUDA's 0x7fff.
std::uint16_t round_to_bfloat16(double x, Rounding rounding);
/// Those of -x or x.
std::uint16_t round_to_bfloat16(bool is_negative, std::uint64_t x, Rounding rounding);

template <std::floating_point T>
std::uint16_t to_bfloat16(T x, Rounding rounding) {
  if (!std::same_as<T, float> || rounding != Rounding::nearest) return round_to_bfloat16(x, rounding);
  if (std::isnan(x)) return 0x7fff;
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(x));
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
template <std::integral T>
std::uint16_t to_bfloat16(T x, Rounding rounding) {
  const bool is_negative = std::signed_integral<T> && x < T(0);
  const auto bits = static_cast<std::uint64_t>(x);
  return round_to_bfloat16(is_negative, is_negative ? -bits : bits, rounding);
}

/// a b + c, rounded to odd: if it is no double, that one of its two neighbours whose last bit is 1. From this, a number of far
/// fewer bits is rounded as if from the exact one. The product must be a double.
double multiply_add_to_odd(double a, double b, double c);

}  // namespace simt::detail
