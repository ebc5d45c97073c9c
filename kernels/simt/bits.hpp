// Integer intrinsics, bit patterns, and conversions between integers and floating-point numbers.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

constexpr int __popc(unsigned x) { return std::popcount(x); }
constexpr int __popcll(unsigned long long x) { return std::popcount(x); }
/// 32 of 0, as on the device.
constexpr int __clz(int x) { return std::countl_zero(static_cast<unsigned>(x)); }
constexpr int __clzll(long long x) { return std::countl_zero(static_cast<unsigned long long>(x)); }
/// Counted from 1; 0 of 0.
constexpr int __ffs(int x) { return x == 0 ? 0 : std::countr_zero(static_cast<unsigned>(x)) + 1; }
constexpr int __ffsll(long long x) { return x == 0 ? 0 : std::countr_zero(static_cast<unsigned long long>(x)) + 1; }

constexpr unsigned __brev(unsigned x) {
  x = (x & 0x55555555) << 1 | (x >> 1 & 0x55555555);
  x = (x & 0x33333333) << 2 | (x >> 2 & 0x33333333);
  x = (x & 0x0f0f0f0f) << 4 | (x >> 4 & 0x0f0f0f0f);
  x = (x & 0x00ff00ff) << 8 | (x >> 8 & 0x00ff00ff);
  return x << 16 | x >> 16;
}
constexpr unsigned long long __brevll(unsigned long long x) {
  return static_cast<unsigned long long>(__brev(static_cast<unsigned>(x))) << 32 |
         __brev(static_cast<unsigned>(x >> 32));
}

/// Byte i of the result is the byte of (y, x) that the selector's nibble i names; with the nibble's bit 3, its sign.
constexpr unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  const std::uint64_t both = std::uint64_t{y} << 32 | x;
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) {
    const unsigned nibble = selector >> 4 * i & 0xf;
    const auto byte = static_cast<unsigned>(both >> 8 * (nibble & 7) & 0xff);
    result |= (nibble & 8 ? (byte & 0x80 ? 0xffu : 0) : byte) << 8 * i;
  }
  return result;
}
/// The upper word of (high, low) shifted left by shift mod 32.
constexpr unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>((std::uint64_t{high} << 32 | low) << (shift & 31) >> 32);
}
/// The lower word of (high, low) shifted right by shift mod 32.
constexpr unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return static_cast<unsigned>((std::uint64_t{high} << 32 | low) >> (shift & 31));
}

constexpr int __mulhi(int x, int y) { return static_cast<int>(std::int64_t{x} * y >> 32); }
constexpr unsigned __umulhi(unsigned x, unsigned y) { return static_cast<unsigned>(std::uint64_t{x} * y >> 32); }
namespace simt::detail {
__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;
}  // namespace simt::detail
constexpr long long __mul64hi(long long x, long long y) {
  return static_cast<long long>(simt::detail::int128{x} * y >> 64);
}
constexpr unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
  return static_cast<unsigned long long>(simt::detail::uint128{x} * y >> 64);
}

constexpr int __float_as_int(float x) { return std::bit_cast<int>(x); }
constexpr unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
constexpr float __int_as_float(int x) { return std::bit_cast<float>(x); }
constexpr float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
constexpr long long __double_as_longlong(double x) { return std::bit_cast<long long>(x); }
constexpr double __longlong_as_double(long long x) { return std::bit_cast<double>(x); }

namespace simt::detail {

/// An already rounded x as an integer: clamped to the type's range, NaN as 0.
template <class Integer>
Integer clamp_to(double x) {
  if (std::isnan(x)) return 0;
  if (x <= static_cast<double>(std::numeric_limits<Integer>::min())) return std::numeric_limits<Integer>::min();
  if (x >= static_cast<double>(std::numeric_limits<Integer>::max())) return std::numeric_limits<Integer>::max();
  return static_cast<Integer>(x);
}

}  // namespace simt::detail

// rn: to nearest, ties to even; rz: towards zero; rd: down; ru: up.
inline int __float2int_rn(float x) { return simt::detail::clamp_to<int>(std::nearbyint(x)); }
inline int __float2int_rz(float x) { return simt::detail::clamp_to<int>(std::trunc(x)); }
inline int __float2int_rd(float x) { return simt::detail::clamp_to<int>(std::floor(x)); }
inline int __float2int_ru(float x) { return simt::detail::clamp_to<int>(std::ceil(x)); }
inline unsigned __float2uint_rn(float x) { return simt::detail::clamp_to<unsigned>(std::nearbyint(x)); }
inline unsigned __float2uint_rz(float x) { return simt::detail::clamp_to<unsigned>(std::trunc(x)); }
inline unsigned __float2uint_rd(float x) { return simt::detail::clamp_to<unsigned>(std::floor(x)); }
inline unsigned __float2uint_ru(float x) { return simt::detail::clamp_to<unsigned>(std::ceil(x)); }
inline int __double2int_rn(double x) { return simt::detail::clamp_to<int>(std::nearbyint(x)); }
inline int __double2int_rz(double x) { return simt::detail::clamp_to<int>(std::trunc(x)); }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }
inline float __ll2float_rn(long long x) { return static_cast<float>(x); }
inline float __ull2float_rn(unsigned long long x) { return static_cast<float>(x); }
inline float __double2float_rn(double x) { return static_cast<float>(x); }
inline double __int2double_rn(int x) { return x; }
