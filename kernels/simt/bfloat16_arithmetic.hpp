// Arithmetic and comparisons of __nv_bfloat16 and of its pair, as in CUDA: each result is rounded once, to nearest. Float's 24
// bits are more than twice bfloat16's 8 and two more, so that rounding a float's result again gives the same.
#pragma once

#include <cmath>

#include "kernels/simt/atomics.hpp"
#include "kernels/simt/bfloat16.hpp"

inline __nv_bfloat16 __hadd(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) + float(b); }
inline __nv_bfloat16 __hsub(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) - float(b); }
inline __nv_bfloat16 __hmul(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) * float(b); }
inline __nv_bfloat16 __hdiv(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) / float(b); }
inline __nv_bfloat16 __hfma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) {
  return simt::detail::multiply_add_to_odd(float(a), float(b), float(c));
}
inline __nv_bfloat16 __hneg(__nv_bfloat16 x) { return -float(x); }
inline __nv_bfloat16 __habs(__nv_bfloat16 x) { return std::fabs(float(x)); }
/// Of a number and a NaN the number; -0 is less than 0.
inline __nv_bfloat16 __hmax(__nv_bfloat16 a, __nv_bfloat16 b) {
  if (float(a) == float(b)) return std::signbit(float(a)) ? b : a;
  return std::fmax(float(a), float(b));
}
inline __nv_bfloat16 __hmin(__nv_bfloat16 a, __nv_bfloat16 b) {
  if (float(a) == float(b)) return std::signbit(float(a)) ? a : b;
  return std::fmin(float(a), float(b));
}
inline bool __hisnan(__nv_bfloat16 x) { return std::isnan(float(x)); }
inline int __hisinf(__nv_bfloat16 x) { return std::isinf(float(x)) ? (float(x) > 0 ? 1 : -1) : 0; }

// False where one of the two is NaN, but for __hneu; __hne is false there too.
inline bool __heq(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) == float(b); }
inline bool __hne(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) < float(b) || float(a) > float(b); }
inline bool __hneu(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) != float(b); }
inline bool __hlt(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) < float(b); }
inline bool __hle(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) <= float(b); }
inline bool __hgt(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) > float(b); }
inline bool __hge(__nv_bfloat16 a, __nv_bfloat16 b) { return float(a) >= float(b); }

// By element; a comparison is true if it is for both.
#define SIMT_BY_ELEMENT(name)                                              \
  inline __nv_bfloat162 __h##name##2(__nv_bfloat162 a, __nv_bfloat162 b) { \
    return {__h##name(a.x, b.x), __h##name(a.y, b.y)};                     \
  }
SIMT_BY_ELEMENT(add)
SIMT_BY_ELEMENT(sub)
SIMT_BY_ELEMENT(mul)
SIMT_BY_ELEMENT(max)
SIMT_BY_ELEMENT(min)
#undef SIMT_BY_ELEMENT
inline __nv_bfloat162 __h2div(__nv_bfloat162 a, __nv_bfloat162 b) { return {__hdiv(a.x, b.x), __hdiv(a.y, b.y)}; }
inline __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) {
  return {__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)};
}
inline __nv_bfloat162 __hneg2(__nv_bfloat162 x) { return {__hneg(x.x), __hneg(x.y)}; }
inline __nv_bfloat162 __habs2(__nv_bfloat162 x) { return {__habs(x.x), __habs(x.y)}; }
#define SIMT_OF_BOTH(name) \
  inline bool __hb##name##2(__nv_bfloat162 a, __nv_bfloat162 b) { return __h##name(a.x, b.x) && __h##name(a.y, b.y); }
SIMT_OF_BOTH(eq)
SIMT_OF_BOTH(ne)
SIMT_OF_BOTH(neu)
SIMT_OF_BOTH(lt)
SIMT_OF_BOTH(le)
SIMT_OF_BOTH(gt)
SIMT_OF_BOTH(ge)
#undef SIMT_OF_BOTH

// Operators take copies, so that it is the kernel's code that reads memory. Assignments read and write for their caller.
#ifdef SIMT_CHECKED
#define SIMT_UPDATE_FOR_CALLER(x)                                                      \
  simt::detail::events::read_for_caller(&(x), sizeof(x), __builtin_return_address(0)); \
  simt::detail::events::write_for_caller(&(x), sizeof(x), __builtin_return_address(0));
#else
#define SIMT_UPDATE_FOR_CALLER(x)
#endif
#define SIMT_OPERATOR(T, symbol, function)                      \
  inline T operator symbol(T a, T b) { return function(a, b); } \
  SIMT_FOR_CALLER inline T& operator symbol##=(T& a, T b) {     \
    SIMT_UPDATE_FOR_CALLER(a)                                   \
    return a = function(a, b);                                  \
  }
#define SIMT_STEP(T, symbol, function, one)             \
  SIMT_FOR_CALLER inline T& operator symbol(T& x) {     \
    SIMT_UPDATE_FOR_CALLER(x)                           \
    return x = function(x, one);                        \
  }                                                     \
  SIMT_FOR_CALLER inline T operator symbol(T& x, int) { \
    SIMT_UPDATE_FOR_CALLER(x)                           \
    const T before = x;                                 \
    x = function(x, one);                               \
    return before;                                      \
  }
#define SIMT_COMPARISON(T, symbol, function) \
  inline bool operator symbol(T a, T b) { return function(a, b); }
#define SIMT_OPERATORS(T, add, sub, mul, div, neg, eq, ne, lt, le, gt, ge, one) \
  SIMT_OPERATOR(T, +, add)                                                      \
  SIMT_OPERATOR(T, -, sub)                                                      \
  SIMT_OPERATOR(T, *, mul)                                                      \
  SIMT_OPERATOR(T, /, div)                                                      \
  SIMT_STEP(T, ++, add, one)                                                    \
  SIMT_STEP(T, --, sub, one)                                                    \
  inline T operator+(T x) { return x; }                                         \
  inline T operator-(T x) { return neg(x); }                                    \
  SIMT_COMPARISON(T, ==, eq)                                                    \
  SIMT_COMPARISON(T, !=, ne)                                                    \
  SIMT_COMPARISON(T, <, lt)                                                     \
  SIMT_COMPARISON(T, <=, le)                                                    \
  SIMT_COMPARISON(T, >, gt)                                                     \
  SIMT_COMPARISON(T, >=, ge)
SIMT_OPERATORS(__nv_bfloat16, __hadd, __hsub, __hmul, __hdiv, __hneg, __heq, __hneu, __hlt, __hle, __hgt, __hge,
               __nv_bfloat16(1.0f))
SIMT_OPERATORS(__nv_bfloat162, __hadd2, __hsub2, __hmul2, __h2div, __hneg2, __hbeq2, __hbneu2, __hblt2, __hble2,
               __hbgt2, __hbge2, __float2bfloat162_rn(1.0f))
#undef SIMT_OPERATORS
#undef SIMT_COMPARISON
#undef SIMT_STEP
#undef SIMT_OPERATOR

inline __nv_bfloat16 atomicAdd(__nv_bfloat16* address, __nv_bfloat16 value,
                               simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Add<__nv_bfloat16>{value}, source);
}
inline __nv_bfloat162 atomicAdd(__nv_bfloat162* address, __nv_bfloat162 value,
                                simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Add<__nv_bfloat162>{value}, source);
}

#undef SIMT_UPDATE_FOR_CALLER
#undef SIMT_READ_FOR_CALLER
#undef SIMT_FOR_CALLER
