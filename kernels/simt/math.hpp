// The device's mathematical functions. Most are the C library's own, under the same names; here is what it lacks.
//
// They are at least as accurate as CUDA's, but not bit for bit the same: a device's expf errs by up to 1 ulp and so
// on (CUDA C++ Programming Guide, Mathematical Functions). + - * / sqrtf and fmaf are the same bits, if the device's
// code is compiled with -fmad=false and this one, as wengert::simt demands, with -ffp-contract=off.
#pragma once

#include <math.h>
#include <stdlib.h>

#include <concepts>
#include <limits>
#include <numbers>

namespace simt::detail {

// Half a turn at a time: the argument is reduced exactly, before it meets an approximation of pi.
inline double sin_of_pi(double x) {
  const double r = std::remainder(x, 2.0);
  if (std::fabs(r) > 0.5) return std::sin((std::copysign(1.0, r) - r) * std::numbers::pi);
  return std::sin(r * std::numbers::pi);
}
inline double cos_of_pi(double x) { return std::sin((0.5 - std::fabs(std::remainder(x, 2.0))) * std::numbers::pi); }

}  // namespace simt::detail

inline float rsqrtf(float x) { return static_cast<float>(1 / std::sqrt(double{x})); }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }
inline float rcbrtf(float x) { return static_cast<float>(1 / std::cbrt(double{x})); }
inline double rcbrt(double x) { return 1 / std::cbrt(x); }
inline float rhypotf(float x, float y) { return static_cast<float>(1 / std::hypot(double{x}, double{y})); }
inline double rhypot(double x, double y) { return 1 / std::hypot(x, y); }
inline double norm3d(double x, double y, double z) { return std::hypot(x, y, z); }
inline float norm3df(float x, float y, float z) { return static_cast<float>(norm3d(x, y, z)); }

inline float sinpif(float x) { return static_cast<float>(simt::detail::sin_of_pi(x)); }
inline float cospif(float x) { return static_cast<float>(simt::detail::cos_of_pi(x)); }
inline double sinpi(double x) { return simt::detail::sin_of_pi(x); }
inline double cospi(double x) { return simt::detail::cos_of_pi(x); }
inline void sincospif(float x, float* sine, float* cosine) {
  *sine = sinpif(x);
  *cosine = cospif(x);
}

/// The standard normal distribution's cumulative probability.
inline double normcdf(double x) { return std::erfc(-x * (std::numbers::sqrt2 / 2)) / 2; }
inline float normcdff(float x) { return static_cast<float>(normcdf(x)); }

inline float fdividef(float x, float y) { return x / y; }

// As in CUDA, for any two arithmetic operands; of a NaN and a number, the number.
template <class A, class B>
requires(std::is_arithmetic_v<A>&& std::is_arithmetic_v<B>) constexpr auto min(A a, B b) {
  using Common = std::common_type_t<A, B>;
  const auto x = static_cast<Common>(a), y = static_cast<Common>(b);
  if constexpr (std::floating_point<Common>) return x != x || y < x ? y : x;
  return y < x ? y : x;
}
template <class A, class B>
requires(std::is_arithmetic_v<A>&& std::is_arithmetic_v<B>) constexpr auto max(A a, B b) {
  using Common = std::common_type_t<A, B>;
  const auto x = static_cast<Common>(a), y = static_cast<Common>(b);
  if constexpr (std::floating_point<Common>) return x != x || x < y ? y : x;
  return x < y ? y : x;
}
