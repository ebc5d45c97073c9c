// A warp has `Rows` rows, whose loads are in flight together. Its thread t holds the lanes t + 32 q of the sum tree, `Deep`
// numbers in each.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/ops/cross_entropy/gpu_rows.hpp"

namespace wengert::kernels::gpu {

inline constexpr int warp_threads = 256, row_warps = warp_threads / 32, warp_columns = 512;

template <int Deep>
__device__ void load_row(const float* x, int cols, float (&e)[Deep][4]) {
  for (int j = 0; j < Deep; ++j) {
    for (int q = 0; q < 4; ++q) {
      const int c = j * tree_lanes + Apart::lane(q);
      e[j][q] = c < cols ? x[c] : -INFINITY;
    }
  }
}

template <class Target, int Deep>
__device__ void finish_row(const RowsOf<Target>& all, int row, const typename Target::Row& target,
                           float (&e)[Deep][4]) {
  const int cols = static_cast<int>(all.cols);
  const float* const p = all.target.of_row(row, cols);
  float highest = -INFINITY;
  for (int j = 0; j < Deep; ++j) {
    for (int q = 0; q < 4; ++q) highest = fmaxf(highest, e[j][q]);
  }
  highest = warp_max(highest);
  Lanes sums[Target::sums];
  for (int j = 0; j < Deep; ++j) {
    if (Target::dense) __syncwarp();  // lest all of p is loaded at once, which takes too many registers
    for (int q = 0; q < 4; ++q) {
      const int c = j * tree_lanes + Apart::lane(q);
      const float away = highest - e[j][q];
      e[j][q] = expf(-away);  // 0 where there is no such class
      sums[0].add(q, e[j][q]);
      Target::Row::terms(c < cols, p, c, away, [&](int which, float term) { sums[which].add(q, term); });
    }
  }
  float total[Target::sums];
  for (int which = 0; which < Target::sums; ++which) {
    total[which] = __shfl_sync(whole_warp, Apart::fold(sums[which]), 0);
  }
  const Finished<Target> finished(all, row, target, highest, total, warp_lane() == 0);
  for (int j = 0; all.dx && j < Deep; ++j) {
    if (Target::dense) __syncwarp();
    for (int q = 0; q < 4; ++q) {
      const int c = j * tree_lanes + Apart::lane(q);
      if (c < cols) all.dx[std::int64_t{row} * cols + c] = finished.gradient(e[j][q], c, p);
    }
  }
}

template <class Target, int Deep, int Rows>
__global__ void __launch_bounds__(warp_threads, 2) warp_per_row(RowsOf<Target> all) {
  const std::int64_t first = (std::int64_t{blockIdx.x} * row_warps + warp_of_block()) * Rows;
  const int rows = static_cast<int>(min(std::int64_t{Rows}, all.rows - first)), cols = static_cast<int>(all.cols);
  float e[Rows][Deep][4];
  typename Target::Row target[Rows];
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    if (r >= rows) continue;
    const float* const x = all.x + (first + r) * cols;
    load_row(x, cols, e[r]);
    target[r] = all.target.row(static_cast<int>(first) + r, cols, x);
  }
#pragma unroll
  for (int r = 0; r < Rows; ++r) {
    if (r < rows) finish_row(all, static_cast<int>(first) + r, target[r], e[r]);
  }
  finish_rows(all, row_warps * Rows);
}

}  // namespace wengert::kernels::gpu
