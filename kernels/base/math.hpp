// The elementary functions that every device shares: plain + - * /, selects and bit patterns, no branches.
//
// So a simple loop over them vectorises, the vector body and its scalar tail agree to the bit, and any device that
// computes IEEE 754 without contraction to fused multiply-adds (-ffp-contract=off, -fmad=false) agrees too. libm and
// Eigen promise none of that.
//
// The error bounds are in units in the last place (ulp) of the exact result, for float32 and float64 alike; tests
// sweep them, in float32 every number of the ranges that matter. NaN in gives NaN out, except pow(NaN, 0) = 1.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace wengert::kernels::math {

/// What the algorithms below need to know about a floating-point format. ln2 is split so that n * ln2_high is exact for
/// every exponent n.
template <class T>
struct Format;
template <>
struct Format<float> {
  using Bits = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr Bits bias = 127;
  static constexpr float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;
  static constexpr float exp_least = -104, exp_greatest = 89;  // below: rounds to 0; above: overflows
};
template <>
struct Format<double> {
  using Bits = std::uint64_t;
  static constexpr int mantissa = 52;
  static constexpr Bits bias = 1023;
  static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double exp_least = -746, exp_greatest = 710;
};

template <class T>
using Bits = typename Format<T>::Bits;
template <class T>
constexpr Bits<T> bits(T x) {
  return std::bit_cast<Bits<T>>(x);
}
template <class T>
constexpr T from_bits(Bits<T> pattern) {
  return std::bit_cast<T>(pattern);
}
template <class T>
inline constexpr Bits<T> sign_bit = Bits<T>{1} << (sizeof(T) * 8 - 1);
/// 2^mantissa: the integers just above it are its bit pattern plus 1, 2, 3, ...
template <class T>
inline constexpr T first_integers = T(Bits<T>{1} << Format<T>::mantissa);
/// Added to x and subtracted again, 1.5 * 2^mantissa rounds x to the nearest integer.
template <class T>
inline constexpr T rounder = first_integers<T>* T(1.5);

/// first x^n + ... + last, by Horner's rule.
template <class T, class... Rest>
constexpr T polynomial(T x, T first, Rest... rest) {
  ((first = first * x + T(rest)), ...);
  return first;
}

// Arithmetic of all element types: int32 wraps around at 2^32, as in PyTorch, without undefined behaviour.
template <class T>
using Wrapping = std::conditional_t<std::is_integral_v<T>, std::uint32_t, T>;
template <class T>
constexpr T add(T a, T b) {
  return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
}
template <class T>
constexpr T subtract(T a, T b) {
  return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
}
template <class T>
constexpr T multiply(T a, T b) {
  return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
}
template <class T>
constexpr T negate(T x) {
  return static_cast<T>(-static_cast<Wrapping<T>>(x));
}

/// x as a To. To int32: towards zero, the nearest int32 where it does not fit, 0 for NaN (CUDA's rules).
template <class To, class From>
constexpr To convert(From x) {
  if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    const double wide = static_cast<double>(x);
    const double low = wide > -2147483648.0 ? wide : -2147483648.0;
    const double both = low < 2147483647.0 ? low : 2147483647.0;
    return wide == wide ? static_cast<To>(both) : To{0};
  } else {
    return static_cast<To>(x);
  }
}

/// |x|; the most negative int32 stays itself.
template <class T>
constexpr T abs(T x) {
  if constexpr (std::is_integral_v<T>) {
    return x < 0 ? negate(x) : x;
  } else {
    return from_bits<T>(bits(x) & ~sign_bit<T>);
  }
}

/// 1, -1, 0 at 0 of either sign, NaN at NaN.
template <class T>
constexpr T sign(T x) {
  return x > T(0) ? T(1) : x < T(0) ? T(-1) : x + T(0);
}

/// Correctly rounded.
template <class T>
constexpr T sqrt(T x) {
  return std::sqrt(x);
}

/// e^x = (1 + p) 2^n with |p| < 0.42, the part that exp and tanh share. n comes as the bits of n + rounder.
template <class T>
struct ExpParts {
  T p;
  Bits<T> n;
};
template <class T>
constexpr ExpParts<T> exp_parts(T x) {
  const T shifted = x * T(1.44269504088896340736) + rounder<T>;
  const T n = shifted - rounder<T>;
  const T r = (x - n * Format<T>::ln2_high) - n * Format<T>::ln2_low;  // |r| <= ln2 / 2
  T tail;                                                              // e^r = 1 + r + r^2 tail: Taylor, 1/k!
  if constexpr (std::is_same_v<T, float>) {
    tail = polynomial(r, 1.f / 5040, 1.f / 720, 1.f / 120, 1.f / 24, 1.f / 6, 0.5f);
  } else {
    tail = polynomial(r, 1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320,
                      1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, 0.5);
  }
  return {r + r * r * tail, bits(shifted) - bits(rounder<T>)};
}

/// e^x. At most 1.1 ulp. Overflows to inf, underflows through the denormals to 0.
template <class T>
constexpr T exp(T x) {
  x = x < Format<T>::exp_least ? Format<T>::exp_least : x;
  x = x > Format<T>::exp_greatest ? Format<T>::exp_greatest : x;
  const auto [p, n] = exp_parts(x);
  // 2^n does not fit into one number at either end, so it is applied in two halves; the + 2 bias keeps them positive.
  const Bits<T> whole = n + 2 * Format<T>::bias, half = whole >> 1;
  return (T(1) + p) * from_bits<T>(half << Format<T>::mantissa) * from_bits<T>((whole - half) << Format<T>::mantissa);
}

/// The same as exp(x), to the bit, for x <= 0 (and NaN): nothing overflows there, which saves a fifth of the work.
template <class T>
constexpr T exp_nonpositive(T x) {
  x = x < Format<T>::exp_least ? Format<T>::exp_least : x;
  const auto [p, n] = exp_parts(x);
  constexpr Bits<T> lift = 64;  // 2^(n + 64) is a normal number even where 2^n is not
  return (T(1) + p) * from_bits<T>((n + Format<T>::bias + lift) << Format<T>::mantissa) * T(0x1p-64);
}

/// 1 / (1 + e^-x). At most 2.5 ulp; where e^-x overflows, 0 in place of a denormal number.
template <class T>
constexpr T sigmoid(T x) {
  return T(1) / (T(1) + exp(-x));
}

/// tanh x = t / (t + 2), t = e^(2|x|) - 1. At most 2.5 ulp; keeps the sign of 0.
template <class T>
constexpr T tanh(T x) {
  constexpr T flat = std::is_same_v<T, float> ? 20 : 44;  // 2|x| from which on tanh rounds to 1
  const T twice = T(2) * abs(x);
  const auto [p, n] = exp_parts(twice > flat ? flat : twice);
  const T scale = from_bits<T>((n + Format<T>::bias) << Format<T>::mantissa);
  const T t = p * scale + (scale - T(1));
  return from_bits<T>(bits(t / (t + T(2))) | (bits(x) & sign_bit<T>));
}

/// n ln2 + log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)], by log(1 + f) = 2 atanh(s), s = f / (2 + f), in the
/// arrangement f - (f^2 / 2 - s (f^2 / 2 + rest)), in which only f, which is exact, counts in full.
template <class T>
constexpr T log_parts(T n, T f) {
  const T s = f / (T(2) + f), z = s * s, half_square = T(0.5) * f * f;
  T rest;  // 2/3 z + 2/5 z^2 + ...
  if constexpr (std::is_same_v<T, float>) {
    rest = z * polynomial(z, 2.f / 9, 2.f / 7, 2.f / 5, 2.f / 3);
  } else {
    rest = z * polynomial(z, 2. / 21, 2. / 19, 2. / 17, 2. / 15, 2. / 13, 2. / 11, 2. / 9, 2. / 7, 2. / 5, 2. / 3);
  }
  return n * Format<T>::ln2_high - ((half_square - (s * (half_square + rest) + n * Format<T>::ln2_low)) - f);
}

/// The natural logarithm. At most 1 ulp. log 0 = -inf, log of a negative number = NaN.
template <class T>
constexpr T log(T x) {
  using Limits = std::numeric_limits<T>;
  constexpr int mantissa = Format<T>::mantissa;
  constexpr Bits<T> root_half = bits(T(0.70710678118654752440));
  constexpr Bits<T> lift = (Format<T>::bias + 1) << mantissa;  // keeps the shifted exponent positive

  const bool denormal = x < Limits::min();
  const Bits<T> pattern = bits(denormal ? x * (first_integers<T> * T(4)) : x);
  const Bits<T> exponent = (pattern - root_half + lift) >> mantissa;
  const T m = from_bits<T>(pattern - ((exponent - Format<T>::bias - 1) << mantissa));
  const T offset = first_integers<T> + T(Format<T>::bias + 1);
  const T n = from_bits<T>(exponent | bits(first_integers<T>)) - (denormal ? offset + T(mantissa + 2) : offset);
  const T finite = log_parts(n, m - T(1));

  const T special = x == T(0) ? -Limits::infinity() : x > T(0) ? x : Limits::quiet_NaN();
  return x > T(0) && x <= Limits::max() ? finite : special;
}

/// log(1 + u), for u in [0, 1] only. At most 1.5 ulp.
template <class T>
constexpr T log1p(T u) {
  const bool upper = u > T(0.41421356237309504880);
  return log_parts(upper ? T(1) : T(0), upper ? (u - T(1)) * T(0.5) : u);  // 1 + u, or half of it
}

/// x^exponent. The exponents 2, 3, 1/2, 1, 0 and -1 are products, a root and a quotient; others go to std::pow and have
/// its error and its device's bits.
template <class T>
constexpr T pow(T x, double exponent) {
  if (exponent == 2) return x * x;
  if (exponent == 1) return x;
  if (exponent == 0.5) return sqrt(x);
  if (exponent == 3) return x * x * x;
  if (exponent == 0) return T(1);
  if (exponent == -1) return T(1) / x;
  return static_cast<T>(std::pow(x, static_cast<T>(exponent)));
}

/// x^n for n >= 0, by squaring. The same bits on every device, which std::pow would not give.
constexpr double integer_power(double x, std::int32_t n) {
  double result = 1;
  for (; n > 0; n >>= 1, x *= x) {
    if (n & 1) result *= x;
  }
  return result;
}

struct CosSin {
  double cos, sin;
};
/// cos and sin of 2 pi u, for u in [0, 1]. At most 2 ulp, and exact at quarter turns.
constexpr CosSin cos_sin_turns(double u) {
  const double shifted = 4 * u + rounder<double>;
  const double angle = (u - 0.25 * (shifted - rounder<double>)) * 6.28318530717958647693;  // |angle| <= pi / 4
  const double z = angle * angle;
  const double sin = angle + angle * z *
                                 polynomial(z, 1. / 355687428096000, -1. / 1307674368000, 1. / 6227020800,
                                            -1. / 39916800, 1. / 362880, -1. / 5040, 1. / 120, -1. / 6);
  const double cos = 1 - (0.5 * z - z * z *
                                        polynomial(z, 1. / 20922789888000, -1. / 87178291200, 1. / 479001600,
                                                   -1. / 3628800, 1. / 40320, -1. / 720, 1. / 24));
  const std::uint64_t quarter = bits(shifted);  // its last two bits count the quarter turns
  const double c = (quarter & 1) != 0 ? sin : cos, s = (quarter & 1) != 0 ? cos : sin;
  return {((quarter + 1) & 2) != 0 ? -c : c, (quarter & 2) != 0 ? -s : s};
}

}  // namespace wengert::kernels::math
