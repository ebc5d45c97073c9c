// CUDA's __nv_bfloat16 (the upper 16 bits of a float), the pair of two, and their conversions. Arithmetic is in
// bfloat16_arithmetic.hpp.
//
// The checker watches what a kernel's own code reads. Where a member function must read the number for its caller, it tells the
// checker so, with the caller's line.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/bfloat16.hpp"
#include "kernels/simt/types.hpp"

#ifdef SIMT_CHECKED
#define SIMT_FOR_CALLER SIMT_UNCHECKED __attribute__((noinline))
#define SIMT_READ_FOR_CALLER() simt::detail::events::read_for_caller(this, sizeof *this, __builtin_return_address(0))
#else
#define SIMT_FOR_CALLER
#define SIMT_READ_FOR_CALLER() static_cast<void>(0)
#endif

namespace simt::detail {

/// As CUDA converts: NaN becomes 0, or the lowest number of 64 bits, and what is out of range the nearest there is.
template <std::integral T>
T saturated(float rounded) {
  if (std::isnan(rounded)) return sizeof(T) < 8 ? T{0} : static_cast<T>(std::uint64_t{1} << 63);
  // The limits as floats; the upper one is the first float that does not fit, a power of two.
  constexpr auto lowest = static_cast<float>(std::numeric_limits<T>::min());
  constexpr float beyond = 2 * static_cast<float>(T{1} << (std::numeric_limits<T>::digits - 1));
  if (rounded <= lowest) return std::numeric_limits<T>::min();
  if (rounded >= beyond) return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

constexpr float widened(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

template <class T>
concept Number = std::integral<T> || std::floating_point<T>;

}  // namespace simt::detail

struct __nv_bfloat16_raw {
  unsigned short x;
};

struct __nv_bfloat16 {
  __nv_bfloat16() = default;
  constexpr __nv_bfloat16(const __nv_bfloat16_raw& raw) : bits_(raw.x) {}
  template <simt::detail::Number T>
  __nv_bfloat16(T x) : bits_(simt::detail::to_bfloat16(x, simt::detail::Rounding::nearest)) {}

  SIMT_FOR_CALLER operator __nv_bfloat16_raw() const {
    SIMT_READ_FOR_CALLER();
    return {bits_};
  }
  SIMT_FOR_CALLER operator float() const {
    SIMT_READ_FOR_CALLER();
    return simt::detail::widened(bits_);
  }
  SIMT_FOR_CALLER operator bool() const {
    SIMT_READ_FOR_CALLER();
    return (bits_ & 0x7fff) != 0;
  }
#define SIMT_CONVERSION(Integer)                                                       \
  SIMT_FOR_CALLER operator Integer() const {                                           \
    SIMT_READ_FOR_CALLER();                                                            \
    return simt::detail::saturated<Integer>(std::trunc(simt::detail::widened(bits_))); \
  }
  SIMT_CONVERSION(signed char)
  SIMT_CONVERSION(unsigned char)
  SIMT_CONVERSION(char)
  SIMT_CONVERSION(short)
  SIMT_CONVERSION(unsigned short)
  SIMT_CONVERSION(int)
  SIMT_CONVERSION(unsigned)
  SIMT_CONVERSION(long)
  SIMT_CONVERSION(unsigned long)
  SIMT_CONVERSION(long long)
  SIMT_CONVERSION(unsigned long long)
#undef SIMT_CONVERSION

 private:
  std::uint16_t bits_;
};
using nv_bfloat16 = __nv_bfloat16;

struct alignas(4) __nv_bfloat162 {
  __nv_bfloat16 x, y;
  __nv_bfloat162() = default;
  constexpr __nv_bfloat162(__nv_bfloat16 first, __nv_bfloat16 second) : x(first), y(second) {}
};
using nv_bfloat162 = __nv_bfloat162;

inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 x) { return __nv_bfloat16_raw(x).x; }
inline short __bfloat16_as_short(__nv_bfloat16 x) { return static_cast<short>(__bfloat16_as_ushort(x)); }
inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) { return __nv_bfloat16_raw{bits}; }
inline __nv_bfloat16 __short_as_bfloat16(short bits) { return __ushort_as_bfloat16(static_cast<unsigned short>(bits)); }

// rn rounds to nearest, ties to even; rz to zero, rd down and ru up. NaN becomes CUDA's 0x7fff.
inline __nv_bfloat16 __float2bfloat16(float x) { return x; }
inline __nv_bfloat16 __double2bfloat16(double x) { return x; }
#define SIMT_ROUNDED(suffix, rounding)                                                           \
  inline __nv_bfloat16 __float2bfloat16_##suffix(float x) {                                      \
    return __ushort_as_bfloat16(simt::detail::to_bfloat16(x, simt::detail::Rounding::rounding)); \
  }
SIMT_ROUNDED(rn, nearest)
SIMT_ROUNDED(rz, to_zero)
SIMT_ROUNDED(rd, down)
SIMT_ROUNDED(ru, up)
#undef SIMT_ROUNDED
inline float __bfloat162float(__nv_bfloat16 x) { return x; }

#define SIMT_BOTH_WAYS(Integer, name, suffix, rounding, round)                                   \
  inline __nv_bfloat16 __##name##2bfloat16_##suffix(Integer x) {                                 \
    return __ushort_as_bfloat16(simt::detail::to_bfloat16(x, simt::detail::Rounding::rounding)); \
  }                                                                                              \
  inline Integer __bfloat162##name##_##suffix(__nv_bfloat16 x) {                                 \
    return simt::detail::saturated<Integer>(round(__bfloat162float(x)));                         \
  }
#define SIMT_INTEGER(Integer, name)                          \
  SIMT_BOTH_WAYS(Integer, name, rn, nearest, std::nearbyint) \
  SIMT_BOTH_WAYS(Integer, name, rz, to_zero, std::trunc)     \
  SIMT_BOTH_WAYS(Integer, name, rd, down, std::floor)        \
  SIMT_BOTH_WAYS(Integer, name, ru, up, std::ceil)
SIMT_INTEGER(short, short)
SIMT_INTEGER(unsigned short, ushort)
SIMT_INTEGER(int, int)
SIMT_INTEGER(unsigned, uint)
SIMT_INTEGER(long long, ll)
SIMT_INTEGER(unsigned long long, ull)
#undef SIMT_INTEGER
#undef SIMT_BOTH_WAYS

inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return {x, y}; }
inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return {x, x}; }
inline __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return {x, y}; }
inline __nv_bfloat162 __float2bfloat162_rn(float x) { return {x, x}; }
inline __nv_bfloat162 __float22bfloat162_rn(float2 x) { return {x.x, x.y}; }
inline __nv_bfloat16 __low2bfloat16(__nv_bfloat162 x) { return x.x; }
inline __nv_bfloat16 __high2bfloat16(__nv_bfloat162 x) { return x.y; }
inline __nv_bfloat162 __low2bfloat162(__nv_bfloat162 x) { return {x.x, x.x}; }
inline __nv_bfloat162 __high2bfloat162(__nv_bfloat162 x) { return {x.y, x.y}; }
inline __nv_bfloat162 __lows2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.x, b.x}; }
inline __nv_bfloat162 __highs2bfloat162(__nv_bfloat162 a, __nv_bfloat162 b) { return {a.y, b.y}; }
inline __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 x) { return {x.y, x.x}; }
inline float __low2float(__nv_bfloat162 x) { return x.x; }
inline float __high2float(__nv_bfloat162 x) { return x.y; }
inline float2 __bfloat1622float2(__nv_bfloat162 x) { return {x.x, x.y}; }
