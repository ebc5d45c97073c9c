// Random numbers that host and device can each make for themselves.
#pragma once

#include <cstdint>

#include <simt.hpp>

namespace wengert::gpu_bench {

/// x[i] from a hash of i: uniform in [low, high), and the same on the host.
__host__ __device__ inline float hashed(std::uint64_t i, std::uint32_t seed, float low, float high) {
  std::uint64_t h = (i + 1) * 0x9e3779b97f4a7c15u + seed * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  h ^= h >> 31;
  return low + (high - low) * static_cast<float>(h >> 40) * 0x1p-24f;
}
template <class = void>
__global__ void fill_hashed(std::int64_t n, float* x, std::uint32_t seed, float low, float high) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < n) x[i] = hashed(static_cast<std::uint64_t>(i), seed, low, high);
}

}  // namespace wengert::gpu_bench
