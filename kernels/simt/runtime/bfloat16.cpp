#include "kernels/simt/runtime/bfloat16.hpp"

#include <limits>

namespace simt::detail {
namespace {

constexpr std::uint16_t nan_bits = 0x7fff, infinity_bits = 0x7f80;

double magnitude_of(std::uint16_t bits) {
  // What would follow the greatest finite number, for the bits of infinity: whoever is nearer to that becomes infinite.
  return bits == infinity_bits ? 0x1p128 : std::bit_cast<float>(std::uint32_t{bits} << 16);
}

bool is_rounded_away(double magnitude, std::uint16_t lower, bool is_negative, Rounding rounding) {
  const double below = magnitude_of(lower);
  if (magnitude == below || rounding == Rounding::to_zero) return false;
  if (rounding == Rounding::down) return is_negative;
  if (rounding == Rounding::up) return !is_negative;
  const double middle = (below + magnitude_of(static_cast<std::uint16_t>(lower + 1))) / 2;
  return magnitude > middle || (magnitude == middle && lower % 2 == 1);
}

}  // namespace

std::uint16_t round_to_bfloat16(double x, Rounding rounding) {
  if (std::isnan(x)) return nan_bits;
  const bool is_negative = std::signbit(x);
  const double magnitude = std::fabs(x);
  std::uint16_t bits = infinity_bits;
  if (!std::isinf(x)) {
    auto single = static_cast<float>(magnitude);
    if (single > magnitude) single = std::nextafter(single, 0.0f);
    bits = static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(single) >> 16);
    if (is_rounded_away(magnitude, bits, is_negative, rounding)) ++bits;
  }
  return static_cast<std::uint16_t>(bits | (is_negative ? 0x8000 : 0));
}

std::uint16_t round_to_bfloat16(bool is_negative, std::uint64_t x, Rounding rounding) {
  int shifts = 0;
  for (; x >> std::numeric_limits<double>::digits != 0; ++shifts) x = x >> 1 | (x & 1);  // to odd, as below
  const double magnitude = std::ldexp(static_cast<double>(x), shifts);
  return round_to_bfloat16(is_negative ? -magnitude : magnitude, rounding);
}

double multiply_add_to_odd(double a, double b, double c) {
  const double product = a * b, sum = product + c;
  if (!std::isfinite(sum)) return sum;
  const double of_c = sum - product, error = (product - (sum - of_c)) + (c - of_c);
  if (error == 0 || std::bit_cast<std::uint64_t>(sum) % 2 == 1) return sum;
  return std::nextafter(sum,
                        error > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity());
}

}  // namespace simt::detail
