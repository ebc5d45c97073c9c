// CUDA's vector types, dim3 and bfloat16.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <simt.hpp>

namespace {

// From the CUDA C++ Programming Guide, Built-in Vector Types: size and alignment in bytes.
static_assert(sizeof(char3) == 3 && alignof(char3) == 1);
static_assert(sizeof(uchar4) == 4 && alignof(uchar4) == 4);
static_assert(sizeof(short3) == 6 && alignof(short3) == 2);
static_assert(sizeof(ushort4) == 8 && alignof(ushort4) == 8);
static_assert(sizeof(int2) == 8 && alignof(int2) == 8);
static_assert(sizeof(uint3) == 12 && alignof(uint3) == 4);
static_assert(sizeof(float3) == 12 && alignof(float3) == 4);
static_assert(sizeof(float4) == 16 && alignof(float4) == 16);
static_assert(sizeof(longlong2) == 16 && alignof(longlong2) == 16);
static_assert(sizeof(double2) == 16 && alignof(double2) == 16);
static_assert(sizeof(double3) == 24 && alignof(double3) == 8);

TEST_CASE("types: vectors are made of numbers of any type") {
  constexpr float4 v = make_float4(1, 2.5, 3u, -4);
  CHECK(v.x == 1);
  CHECK(v.y == 2.5f);
  CHECK(v.z == 3);
  CHECK(v.w == -4);
  CHECK(make_uchar2(255, 7).x == 255);
}

TEST_CASE("types: what a dim3 is not given is 1") {
  const dim3 one, two(5, 6);
  CHECK((one.x == 1 && one.y == 1 && one.z == 1));
  CHECK((two.x == 5 && two.y == 6 && two.z == 1));
  const dim3 from_vector = make_uint3(7, 8, 9);
  CHECK(from_vector.z == 9);
}

}  // namespace
