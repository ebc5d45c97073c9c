// The tree of kernels/base/sum_tree.hpp on a GPU: a warp holds the 128 lanes of a block of the tree, four to a thread.
#pragma once

#include <cstdint>

#include <simt.hpp>
#include "kernels/base/sum_tree.hpp"

namespace wengert::kernels::gpu {

inline constexpr int tree_lanes = static_cast<int>(sum_tree::lanes);
inline constexpr int tree_block = static_cast<int>(sum_tree::block);
inline constexpr unsigned whole_warp = 0xffffffffu;

__device__ inline int warp_lane() { return static_cast<int>(threadIdx.x) % 32; }
__device__ inline int warp_of_block() { return static_cast<int>(threadIdx.x) / 32; }
__device__ inline int warps_of_block() { return static_cast<int>(blockDim.x) / 32; }

/// A thread's four lanes. They begin as -0, to which x + -0 = x for every x, so that a lane without elements takes no
/// part in the sum.
struct Lanes {
  float v[4] = {-0.0f, -0.0f, -0.0f, -0.0f};
  __device__ void add(int q, float x) { v[q] = __fadd_rn(v[q], x); }
};

/// Thread t holds the lanes 4 t + q, which one 16-byte access reads.
struct Neighbours {
  __device__ static int lane(int q) { return 4 * warp_lane() + q; }
  /// The sum of all lanes, in every thread; also if the threads are turned round, since x + y = y + x.
  __device__ static float fold(Lanes x) {
    for (int step = 16; step > 0; step /= 2) {
      for (int q = 0; q < 4; ++q) x.add(q, __shfl_xor_sync(whole_warp, x.v[q], step));
    }
    return __fadd_rn(__fadd_rn(x.v[0], x.v[2]), __fadd_rn(x.v[1], x.v[3]));
  }
};

/// Thread t holds the lanes t + 32 q, for data at any address.
struct Apart {
  __device__ static int lane(int q) { return warp_lane() + 32 * q; }
  __device__ static float fold(const Lanes& x) {
    float sum = __fadd_rn(__fadd_rn(x.v[0], x.v[2]), __fadd_rn(x.v[1], x.v[3]));
    for (int step = 16; step > 0; step /= 2) sum = __fadd_rn(sum, __shfl_down_sync(whole_warp, sum, step));
    return sum;
  }
};

/// The sum of f(0) ... f(count - 1) by one warp, count from 1 to 4096; in its thread 0.
template <class F>
__device__ float warp_sum(int count, const F& f) {
  Lanes sum;
  int i = 0;
#pragma unroll 8
  for (; i + tree_lanes <= count; i += tree_lanes) {
    for (int q = 0; q < 4; ++q) sum.add(q, f(i + Apart::lane(q)));
  }
  for (int q = 0; q < 4; ++q) {
    if (i + Apart::lane(q) < count) sum.add(q, f(i + Apart::lane(q)));
  }
  return Apart::fold(sum);
}

inline constexpr int most_tree_blocks = 1024;
/// As many numbers as one block can add up.
inline constexpr std::int64_t most_numbers = std::int64_t{most_tree_blocks} * tree_block;

/// The sum of f(0) ... f(count - 1) by all threads of a block, count from 0 to most_numbers; in its thread 0.
template <class F>
__device__ float block_sum(int count, const F& f) {
  if (count == 0) return 0.0f;
  SHARED(float, partial, [most_tree_blocks]);
  const int blocks = (count + tree_block - 1) / tree_block;
  for (int b = warp_of_block(); b < blocks; b += warps_of_block()) {
    const int first = b * tree_block;
    const float sum = warp_sum(min(tree_block, count - first), [&](int i) { return f(first + i); });
    if (warp_lane() == 0) partial[b] = sum;
  }
  __syncthreads();
  float sum = partial[0];
  if (blocks > 1 && warp_of_block() == 0) sum = warp_sum(blocks, [&](int b) { return partial[b]; });
  __syncthreads();  // partial may be used again
  return sum;
}

}  // namespace wengert::kernels::gpu
