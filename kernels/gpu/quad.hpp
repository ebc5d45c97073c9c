// Four neighbouring numbers: what one 16-byte access of a thread carries, or two if they are doubles.
#pragma once

#include <cstdint>

#include <simt.hpp>

namespace wengert::kernels::gpu {

template <class T>
struct QuadOf {
  T v[4];
  __device__ T& operator[](int q) { return v[q]; }
  __device__ T operator[](int q) const { return v[q]; }
};
using Quad = QuadOf<float>;

__device__ inline Quad load4(const float* from) {
  const float4 x = *reinterpret_cast<const float4*>(from);
  return {{x.x, x.y, x.z, x.w}};
}
__device__ inline QuadOf<std::int32_t> load4(const std::int32_t* from) {
  const int4 x = *reinterpret_cast<const int4*>(from);
  return {{x.x, x.y, x.z, x.w}};
}
__device__ inline void store4(float* to, const Quad& x) {
  *reinterpret_cast<float4*>(to) = make_float4(x.v[0], x.v[1], x.v[2], x.v[3]);
}
__device__ inline void store4(std::int32_t* to, const QuadOf<std::int32_t>& x) {
  *reinterpret_cast<int4*>(to) = make_int4(x.v[0], x.v[1], x.v[2], x.v[3]);
}

__device__ inline QuadOf<double> load4(const double* from) {
  const auto* const pairs = reinterpret_cast<const double2*>(from);
  const double2 low = pairs[0], high = pairs[1];
  return {{low.x, low.y, high.x, high.y}};
}
__device__ inline void store4(double* to, const QuadOf<double>& x) {
  auto* const pairs = reinterpret_cast<double2*>(to);
  pairs[0] = make_double2(x.v[0], x.v[1]);
  pairs[1] = make_double2(x.v[2], x.v[3]);
}

template <class T>
__device__ QuadOf<T> four_times(T x) {
  return {{x, x, x, x}};
}

/// Whether 16-byte accesses may be used at all of the addresses.
template <class... T>
__host__ __device__ bool aligned16(const T*... p) {
  return (... && (reinterpret_cast<std::uintptr_t>(p) % 16 == 0));
}

}  // namespace wengert::kernels::gpu
