// A thread per row, tile after tile. A tile's rows are neighbours in memory, so they are copied as one piece; in shared
// memory they stand an odd number of words apart, which spreads a column over the banks.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/ops/cross_entropy/gpu_rows.hpp"

namespace wengert::kernels::gpu {

inline constexpr int packed_threads = 128, packed_columns = 32;

template <class Target, int Power>
__device__ void packed_tile(const RowsOf<Target>& all, std::int64_t first, float* tile, float* target_tile) {
  const int cols = static_cast<int>(all.cols), stride = cols | 1;
  const int rows = static_cast<int>(min(std::int64_t{packed_threads}, all.rows - first));
  const int reciprocal = cols == 0 ? 0 : ((1 << 20) + cols - 1) / cols;  // i / cols, exact for all i of a tile
  const auto place = [=](int i) { return i + (i * reciprocal >> 20) * (stride - cols); };
#pragma unroll 8
  for (int i = static_cast<int>(threadIdx.x); i < rows * cols; i += packed_threads) {
    tile[place(i)] = all.x[first * cols + i];
    if constexpr (Target::dense) target_tile[place(i)] = all.target.probabilities[first * cols + i];
  }
  __syncthreads();
  const int row = static_cast<int>(threadIdx.x);
  if (row < rows) {
    float* const x = tile + row * stride;
    const float* const p = Target::dense ? target_tile + row * stride : nullptr;
    float e[Power], highest = -INFINITY;
    for (int c = 0; c < Power; ++c) {
      e[c] = c < cols ? x[c] : -INFINITY;
      highest = fmaxf(highest, e[c]);
    }
    const auto target = all.target.row(static_cast<int>(first) + row, cols, x);
    float sums[Target::sums][Power];
    for (int c = 0; c < Power; ++c) {
      const float away = highest - e[c];
      e[c] = c < cols ? expf(-away) : -0.0f;
      sums[0][c] = e[c];
      Target::Row::terms(c < cols, p, c, away, [&](int which, float term) { sums[which][c] = term; });
    }
    float total[Target::sums];
    for (int which = 0; which < Target::sums; ++which) total[which] = fold_few<Power>(sums[which]);
    const Finished<Target> finished(all, static_cast<int>(first) + row, target, highest, total, true);
    if (all.dx) {
      for (int c = 0; c < Power; ++c) {
        if (c < cols) x[c] = finished.gradient(e[c], c, p);
      }
    }
  }
  if (all.dx) {
    __syncthreads();
#pragma unroll 4
    for (int i = static_cast<int>(threadIdx.x); i < rows * cols; i += packed_threads) {
      all.dx[first * cols + i] = tile[place(i)];
    }
  }
}

template <class Target, int Power>
__global__ void __launch_bounds__(packed_threads) packed_rows(RowsOf<Target> all, int tiles) {
  SHARED(float, tile, [packed_threads * (Power + 1)]);
  SHARED(float, target_tile, [Target::dense ? packed_threads * (Power + 1) : 1]);
  const std::int64_t begin = std::int64_t{blockIdx.x} * tiles * packed_threads;
  for (int t = 0; t < tiles; ++t) {
    if (t > 0) __syncthreads();  // the tile is written again
    packed_tile<Target, Power>(all, begin + t * packed_threads, tile, target_tile);
  }
  finish_rows(all, tiles * packed_threads);
}

}  // namespace wengert::kernels::gpu
