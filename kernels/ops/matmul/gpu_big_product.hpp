// The kernel for large products. A block computes a tile of 128 x 128, a thread 8 x 8 of it: four squares of 4 x 4, so
// that every 16-byte read of a warp from shared memory is of at most 128 different bytes. While a slice of 8 k's is
// worked on, the next one is loaded to registers.
#pragma once

#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/matmul/gpu_split.hpp"

namespace wengert::kernels::gpu::big {

inline constexpr int tile = 128, deep = 8, row = tile + 4;
inline constexpr Tiling tiling{tile, tile, deep, 256};
inline constexpr int quads = tile * deep / 4 / product_threads;  // of each operand, for each thread to move

template <bool KMajor, bool Whole>
struct Loader {
  Quad held[quads];

  __device__ static float at(const Factor& from, int depth, int r, int k) {
    return r < from.rows && k < depth ? *from.at<KMajor>(r, k) : 0.0f;
  }
  // Which quad is the thread's i-th: its first row and k.
  __device__ static int first_row(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * product_threads;
    return KMajor ? quad / (deep / 4) : quad % (tile / 4) * 4;
  }
  __device__ static int first_k(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * product_threads;
    return KMajor ? quad % (deep / 4) * 4 : quad / (tile / 4);
  }
  __device__ void load(const Factor& from, int depth, int r0, int k0) {
    for (int i = 0; i < quads; ++i) {
      const int r = r0 + first_row(i), k = k0 + first_k(i);
      if constexpr (Whole) {
        held[i] = load4(from.at<KMajor>(r, k));
      } else {
        for (int q = 0; q < 4; ++q) held[i][q] = KMajor ? at(from, depth, r, k + q) : at(from, depth, r + q, k);
      }
    }
  }
  __device__ void store(float (&to)[deep][row]) const {
    for (int i = 0; i < quads; ++i) {
      if constexpr (KMajor) {
        for (int q = 0; q < 4; ++q) to[first_k(i) + q][first_row(i)] = held[i][q];
      } else {
        store4(&to[first_k(i)][first_row(i)], held[i]);
      }
    }
  }
};

template <bool KMajorA, bool KMajorB, bool Whole>
__global__ void __launch_bounds__(product_threads, 2)
    product(Factor a, Factor b, int depth, Slices slices, Output out) {
  SHARED(float, tile_a, [2][deep][row]);
  SHARED(float, tile_b, [2][deep][row]);
  const Corner corner(out, tile, tile);
  const int thread_m = warp_of_block() % 4 * 32 + warp_lane() / 8 * 4;
  const int thread_n = warp_of_block() / 4 * 64 + warp_lane() % 8 * 4;
  Loader<KMajorA, Whole> load_a;
  Loader<KMajorB, Whole> load_b;
  float sum[64] = {};

  const int begin = static_cast<int>(blockIdx.y) * slices.depth;
  depth = min(depth, begin + slices.depth);
  load_a.load(a, depth, corner.m, begin);
  load_b.load(b, depth, corner.n, begin);
  load_a.store(tile_a[0]);
  load_b.store(tile_b[0]);
  __syncthreads();
  int now = 0;
  for (int k0 = begin; k0 < depth; k0 += deep) {
    const bool more = k0 + deep < depth;
    if (more) {
      load_a.load(a, depth, corner.m, k0 + deep);
      load_b.load(b, depth, corner.n, k0 + deep);
    }
#pragma unroll
    for (int k = 0; k < deep; ++k) {
      const Quad a0 = load4(&tile_a[now][k][thread_m]), a1 = load4(&tile_a[now][k][thread_m + 16]);
      const Quad b0 = load4(&tile_b[now][k][thread_n]), b1 = load4(&tile_b[now][k][thread_n + 32]);
#pragma unroll
      for (int i = 0; i < 8; ++i) {
#pragma unroll
        for (int j = 0; j < 8; ++j) {
          sum[8 * i + j] = fmaf(i < 4 ? a0[i] : a1[i - 4], j < 4 ? b0[j] : b1[j - 4], sum[8 * i + j]);
        }
      }
    }
    if (more) {
      load_a.store(tile_a[1 - now]);
      load_b.store(tile_b[1 - now]);
    }
    __syncthreads();
    now = 1 - now;
  }
  if (!add_slices(slices, sum)) return;
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int m = corner.m + thread_m + (i < 4 ? i : i + 12);
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      const int n = corner.n + thread_n + (j < 4 ? j : j + 28);
      if (Whole || out.has(m, n)) out.put(m, n, sum[8 * i + j]);
    }
  }
  if (out.epilogue.mask == nullptr) return;
#pragma unroll
  for (int i = 0; i < 16; ++i) {  // an even thread's four and the next one's are a byte
    const int m = corner.m + thread_m + (i < 8 ? i / 2 : i / 2 + 12), n = corner.n + thread_n + i % 2 * 32;
    unsigned bits = 0;
    for (int q = 0; q < 4; ++q) {
      if (out.has(m, n + q)) bits |= out.passes(out.finished(n + q, sum[4 * i + q])) << q;
    }
    bits |= __shfl_down_sync(0xffffffffu, bits, 1) << 4;
    if (warp_lane() % 2 == 0 && out.has(m, n)) out.put_mask(m, n, bits);
  }
}

}  // namespace wengert::kernels::gpu::big
