// Functions of one device instruction or little more: fast approximations, and arithmetic with a stated rounding.
//
// An approximation is computed by the device's own formula from the same rounded steps, so that tests of a kernel meet
// an error of the size that the CUDA C++ Programming Guide documents (Mathematical Functions, Intrinsic Functions);
// each bound below is from there and is tested. The bits are not the device's.
#pragma once

#include "kernels/simt/math.hpp"

/// 2 + floor(|1.173 x|) ulp: x log2 e is rounded before 2 is raised to it.
inline float __expf(float x) { return exp2f(x * 1.44269504f); }
/// 2 + floor(|2.97 x|) ulp.
inline float __exp10f(float x) { return exp2f(x * 3.32192809f); }
/// 2^-22 absolute within [0.5, 2], 2 ulp elsewhere.
inline float __log2f(float x) { return log2f(x); }
/// 2^-21.41 absolute within [0.5, 2], 3 ulp elsewhere.
inline float __logf(float x) { return __log2f(x) * 0.693147181f; }
/// 2^-24 absolute within [0.5, 2], 3 ulp elsewhere.
inline float __log10f(float x) { return __log2f(x) * 0.301029996f; }
/// By its definition, exp2(y * log2 x) with a rounded product.
inline float __powf(float x, float y) { return exp2f(y * __log2f(x)); }

namespace simt::detail {

/// The fraction of x's turn, and with it the error that grows with |x|: 1/(2 pi) and the product are float.
inline double turn(float x) {
  const float turns = x * 0.159154943f;
  return turns - std::floor(double{turns});
}
/// The special function unit's sines and cosines are fixed-point numbers.
inline float fixed_point(double x) { return static_cast<float>(std::nearbyint(x * 0x1p22) * 0x1p-22); }

}  // namespace simt::detail

/// 2^-21.41 absolute within [-pi, pi], larger elsewhere.
inline float __sinf(float x) { return simt::detail::fixed_point(simt::detail::sin_of_pi(2 * simt::detail::turn(x))); }
/// 2^-21.19 absolute within [-pi, pi], larger elsewhere.
inline float __cosf(float x) { return simt::detail::fixed_point(simt::detail::cos_of_pi(2 * simt::detail::turn(x))); }
inline void __sincosf(float x, float* sine, float* cosine) {
  *sine = __sinf(x);
  *cosine = __cosf(x);
}
/// 2 ulp for 2^-126 <= |y| <= 2^126. For a larger y the reciprocal underflows: the quotient is 0, or NaN if x is infinite.
inline float __fdividef(float x, float y) { return x * (fabsf(y) > 0x1p126f && !isinf(y) ? copysignf(0, y) : 1 / y); }
inline float __tanf(float x) { return __fdividef(__sinf(x), __cosf(x)); }
/// Clamped to [0, 1]; NaN becomes 0.
inline float __saturatef(float x) { return fminf(fmaxf(x, 0), 1); }

// Never fused with a neighbour, rounded to nearest with ties to even.
inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fsub_rn(float x, float y) { return x - y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fdiv_rn(float x, float y) { return x / y; }
inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
inline float __frcp_rn(float x) { return 1 / x; }
inline float __fsqrt_rn(float x) { return sqrtf(x); }
/// In double first: no float's 1/sqrt lies so near the middle of two floats that the second rounding could err.
inline float __frsqrt_rn(float x) { return static_cast<float>(1 / std::sqrt(double{x})); }
inline double __dadd_rn(double x, double y) { return x + y; }
inline double __dsub_rn(double x, double y) { return x - y; }
inline double __dmul_rn(double x, double y) { return x * y; }
inline double __ddiv_rn(double x, double y) { return x / y; }
inline double __drcp_rn(double x) { return 1 / x; }
inline double __dsqrt_rn(double x) { return std::sqrt(x); }
inline double __fma_rn(double x, double y, double z) { return fma(x, y, z); }
