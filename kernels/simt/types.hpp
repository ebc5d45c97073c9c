// CUDA's built-in vector types, with its names, members and alignments, and dim3.
//
// Vectors of four 8-byte elements are left out: CUDA 13 deprecates them.
#pragma once

#include <cstddef>

namespace simt::detail {

/// In bytes. Two and four elements load as one word of at most 16 bytes; three load one by one.
template <class T, int N>
inline constexpr std::size_t vector_alignment = N == 3               ? alignof(T)
                                                : sizeof(T) * N < 16 ? sizeof(T) * N
                                                                     : 16;

template <class T, int N>
struct Vector;
template <class T>
struct Vector<T, 1> {
  using Element = T;
  T x;
};
template <class T>
struct alignas(vector_alignment<T, 2>) Vector<T, 2> {
  using Element = T;
  T x, y;
};
template <class T>
struct Vector<T, 3> {
  using Element = T;
  T x, y, z;
};
template <class T>
struct alignas(vector_alignment<T, 4>) Vector<T, 4> {
  using Element = T;
  T x, y, z, w;
};

/// What make_float4 and its like are.
template <class V>
struct Make {
  template <class... Elements>
  constexpr V operator()(Elements... elements) const {
    return {static_cast<typename V::Element>(elements)...};
  }
};

}  // namespace simt::detail

using char1 = simt::detail::Vector<signed char, 1>;
using char2 = simt::detail::Vector<signed char, 2>;
using char3 = simt::detail::Vector<signed char, 3>;
using char4 = simt::detail::Vector<signed char, 4>;
using uchar1 = simt::detail::Vector<unsigned char, 1>;
using uchar2 = simt::detail::Vector<unsigned char, 2>;
using uchar3 = simt::detail::Vector<unsigned char, 3>;
using uchar4 = simt::detail::Vector<unsigned char, 4>;
using short1 = simt::detail::Vector<short, 1>;
using short2 = simt::detail::Vector<short, 2>;
using short3 = simt::detail::Vector<short, 3>;
using short4 = simt::detail::Vector<short, 4>;
using ushort1 = simt::detail::Vector<unsigned short, 1>;
using ushort2 = simt::detail::Vector<unsigned short, 2>;
using ushort3 = simt::detail::Vector<unsigned short, 3>;
using ushort4 = simt::detail::Vector<unsigned short, 4>;
using int1 = simt::detail::Vector<int, 1>;
using int2 = simt::detail::Vector<int, 2>;
using int3 = simt::detail::Vector<int, 3>;
using int4 = simt::detail::Vector<int, 4>;
using uint1 = simt::detail::Vector<unsigned, 1>;
using uint2 = simt::detail::Vector<unsigned, 2>;
using uint3 = simt::detail::Vector<unsigned, 3>;
using uint4 = simt::detail::Vector<unsigned, 4>;
using longlong1 = simt::detail::Vector<long long, 1>;
using longlong2 = simt::detail::Vector<long long, 2>;
using longlong3 = simt::detail::Vector<long long, 3>;
using ulonglong1 = simt::detail::Vector<unsigned long long, 1>;
using ulonglong2 = simt::detail::Vector<unsigned long long, 2>;
using ulonglong3 = simt::detail::Vector<unsigned long long, 3>;
using float1 = simt::detail::Vector<float, 1>;
using float2 = simt::detail::Vector<float, 2>;
using float3 = simt::detail::Vector<float, 3>;
using float4 = simt::detail::Vector<float, 4>;
using double1 = simt::detail::Vector<double, 1>;
using double2 = simt::detail::Vector<double, 2>;
using double3 = simt::detail::Vector<double, 3>;

inline constexpr simt::detail::Make<char1> make_char1;
inline constexpr simt::detail::Make<char2> make_char2;
inline constexpr simt::detail::Make<char3> make_char3;
inline constexpr simt::detail::Make<char4> make_char4;
inline constexpr simt::detail::Make<uchar1> make_uchar1;
inline constexpr simt::detail::Make<uchar2> make_uchar2;
inline constexpr simt::detail::Make<uchar3> make_uchar3;
inline constexpr simt::detail::Make<uchar4> make_uchar4;
inline constexpr simt::detail::Make<short1> make_short1;
inline constexpr simt::detail::Make<short2> make_short2;
inline constexpr simt::detail::Make<short3> make_short3;
inline constexpr simt::detail::Make<short4> make_short4;
inline constexpr simt::detail::Make<ushort1> make_ushort1;
inline constexpr simt::detail::Make<ushort2> make_ushort2;
inline constexpr simt::detail::Make<ushort3> make_ushort3;
inline constexpr simt::detail::Make<ushort4> make_ushort4;
inline constexpr simt::detail::Make<int1> make_int1;
inline constexpr simt::detail::Make<int2> make_int2;
inline constexpr simt::detail::Make<int3> make_int3;
inline constexpr simt::detail::Make<int4> make_int4;
inline constexpr simt::detail::Make<uint1> make_uint1;
inline constexpr simt::detail::Make<uint2> make_uint2;
inline constexpr simt::detail::Make<uint3> make_uint3;
inline constexpr simt::detail::Make<uint4> make_uint4;
inline constexpr simt::detail::Make<longlong1> make_longlong1;
inline constexpr simt::detail::Make<longlong2> make_longlong2;
inline constexpr simt::detail::Make<longlong3> make_longlong3;
inline constexpr simt::detail::Make<ulonglong1> make_ulonglong1;
inline constexpr simt::detail::Make<ulonglong2> make_ulonglong2;
inline constexpr simt::detail::Make<ulonglong3> make_ulonglong3;
inline constexpr simt::detail::Make<float1> make_float1;
inline constexpr simt::detail::Make<float2> make_float2;
inline constexpr simt::detail::Make<float3> make_float3;
inline constexpr simt::detail::Make<float4> make_float4;
inline constexpr simt::detail::Make<double1> make_double1;
inline constexpr simt::detail::Make<double2> make_double2;
inline constexpr simt::detail::Make<double3> make_double3;

/// The extent of a grid or a block; what is not given is 1.
struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  constexpr dim3(unsigned x_extent = 1, unsigned y_extent = 1, unsigned z_extent = 1)
      : x(x_extent), y(y_extent), z(z_extent) {}
  constexpr dim3(uint3 extents) : x(extents.x), y(extents.y), z(extents.z) {}
  constexpr operator uint3() const { return {x, y, z}; }
};
