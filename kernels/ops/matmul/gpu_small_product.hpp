// The kernel for small products. A block has a tile of 64 x 32 and one slice of k, of at most 128, all of which it loads at
// once; a thread computes 4 x 2.
#pragma once

#include <cstddef>

#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/matmul/gpu_split.hpp"

namespace wengert::kernels::gpu::small {

inline constexpr int tile_m = 64, tile_n = 32, most_depth = 128;
inline constexpr Tiling tiling{tile_m, tile_n, 4, 32, most_depth};
inline constexpr int row = most_depth + 4;  // an odd number of quads: eight rows' quads lie in different banks
inline constexpr std::size_t shared_bytes = sizeof(float) * (tile_m + tile_n) * row;
inline constexpr int at_once = 4;  // blocks for which a multiprocessor has shared memory

// Rows [r0, r0 + Rows) and k's [begin, end), with zeros where there are none.
template <bool KMajor, int Rows>
__device__ void load_slice(const Factor& from, bool by_quads, int r0, int begin, int end, float* to) {
  const int width = by_quads ? 4 : 1, depth = (end - begin + 3) / 4 * 4, per_row = depth / width;
  for (int i = static_cast<int>(threadIdx.x); i < Rows * per_row; i += product_threads) {
    const int r = KMajor ? i / per_row : i % Rows, k = KMajor ? i % per_row * width : i / Rows;
    float* const place = to + r * row + k;
    const float* const source = from.at<KMajor>(r0 + r, begin + k);
    const bool there = r0 + r < from.rows && begin + k < end;
    if (by_quads && there) {
      simt::cp_async<16>(place, source);
    } else if (there) {
      simt::cp_async<4>(place, source);
    } else {
      for (int q = 0; q < width; ++q) place[q] = 0.0f;
    }
  }
}

template <bool KMajorA, bool KMajorB>
__global__ void __launch_bounds__(product_threads, at_once)
    product(Factor a, Factor b, int depth, bool quads_of_a, bool quads_of_b, Slices slices, Output out) {
  SHARED_DYNAMIC(float, slice_a);
  float* const slice_b = slice_a + tile_m * row;
  const Corner corner(out, tile_m, tile_n);
  const int begin = static_cast<int>(blockIdx.y) * slices.depth, end = min(depth, begin + slices.depth);
  load_slice<KMajorA, tile_m>(a, quads_of_a, corner.m, begin, end, slice_a);
  load_slice<KMajorB, tile_n>(b, quads_of_b, corner.n, begin, end, slice_b);
  simt::cp_async_commit();
  simt::cp_async_wait<0>();
  __syncthreads();

  // Threads of a warp: 2 along m, at every 16th row, and 16 along n, at every 16th column.
  const int thread_m = static_cast<int>(threadIdx.x) / 16, thread_n = static_cast<int>(threadIdx.x) % 16;
  float sum[8] = {};
#pragma unroll 4
  for (int k = 0; k < end - begin; k += 4) {
    Quad from_a[4], from_b[2];
    for (int i = 0; i < 4; ++i) from_a[i] = load4(slice_a + (thread_m + 16 * i) * row + k);
    for (int j = 0; j < 2; ++j) from_b[j] = load4(slice_b + (thread_n + 16 * j) * row + k);
    for (int q = 0; q < 4; ++q) {
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 2; ++j) sum[2 * i + j] = fmaf(from_a[i][q], from_b[j][q], sum[2 * i + j]);
      }
    }
  }
  if (!add_slices(slices, sum)) return;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 2; ++j) {
      const int m = corner.m + thread_m + 16 * i, n = corner.n + thread_n + 16 * j;
      const bool there = out.has(m, n);
      const float y = there ? out.put(m, n, sum[2 * i + j]) : 0.0f;
      if (out.epilogue.mask == nullptr) continue;
      const unsigned bits = __ballot_sync(0xffffffffu, static_cast<int>(out.passes(y)));
      if (warp_lane() % 8 == 0 && there) out.put_mask(m, n, bits >> warp_lane());
    }
  }
}

}  // namespace wengert::kernels::gpu::small
