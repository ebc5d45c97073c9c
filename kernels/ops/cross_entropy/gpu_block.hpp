// A block per row, one after another. A thread is one lane of one block of the sum tree, and keeps its 32 numbers in
// registers. Where shared memory has room for a row (`Ahead`), a thread copies its numbers there ahead of time, itself, so that
// it waits for no other thread's copies: there lie x, then p if there is one, then the next row's x. The bits are the same
// without.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/ops/cross_entropy/gpu_rows.hpp"

namespace wengert::kernels::gpu {

inline constexpr int block_columns = 8 * tree_block;

/// The bytes of block_per_row's static shared memory: its own, and those of block_max, block_sum and is_last_block.
template <class Target>
inline constexpr std::size_t block_static_bytes = sizeof(float) * (Target::sums * (block_columns / 32 + 8) + 32 +
                                                                   most_tree_blocks) +
                                                  16;

template <class Target, bool Ahead>
__global__ void __launch_bounds__(block_columns / 32) block_per_row(RowsOf<Target> all) {
  constexpr int deep = tree_block / tree_lanes;
  SHARED_DYNAMIC(float, ahead);
  SHARED(float, lane_sum, [Target::sums][block_columns / 32]);
  SHARED(float, block_total, [Target::sums][8]);
  const int cols = static_cast<int>(all.cols), tree_blocks = static_cast<int>(blockDim.x) / tree_lanes;
  const int thread = static_cast<int>(threadIdx.x);
  const int first = thread / tree_lanes * tree_block + thread % tree_lanes;
  // The same, but for the registers that each takes.
  const auto is_there = [=, left = cols - first](int j) {
    return Target::dense ? j * tree_lanes < left : first + j * tree_lanes < cols;
  };
  const auto copy = [=](const float* row) {
    // What lies there has been read by this thread; PTX keeps a read before a cp.async to its place by a barrier alone.
    __syncwarp();
#pragma unroll 4
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      if (c < cols) simt::cp_async<4>(ahead + c, row + c);
    }
    simt::cp_async_commit();
  };
  if (Ahead) copy(all.x + std::int64_t{blockIdx.x} * cols);
  for (int row = static_cast<int>(blockIdx.x); row < all.rows; row += static_cast<int>(gridDim.x)) {
    const float* const x = all.x + std::int64_t{row} * cols;
    const float* const next_x = x + std::int64_t{gridDim.x} * cols;
    const bool more = row + gridDim.x < all.rows;
    const float* const p = Ahead ? ahead : all.target.of_row(row, cols);
    if (Ahead) simt::cp_async_wait<0>();
    float e[deep], highest = -INFINITY;
#pragma unroll
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      e[j] = is_there(j) ? (Ahead ? ahead : x)[c] : -INFINITY;
      highest = fmaxf(highest, e[j]);
    }
    if (Ahead && Target::dense) {
      copy(all.target.of_row(row, cols));
    } else if (Ahead && more) {
      copy(next_x);
    }
    highest = block_max(highest);
    if (Ahead && Target::dense) simt::cp_async_wait<0>();

    float sums[Target::sums];
    for (int which = 0; which < Target::sums; ++which) sums[which] = -0.0f;
#pragma unroll
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      if (j % 8 == 0) __syncwarp();  // lest too many numbers are on their way at once, which takes too many registers
      const float away = highest - e[j];
      e[j] = expf(-away);  // 0 where there is no such class
      sums[0] = __fadd_rn(sums[0], e[j]);
      Target::Row::terms(is_there(j), p, c, away,
                         [&](int which, float term) { sums[which] = __fadd_rn(sums[which], term); });
    }
    for (int which = 0; which < Target::sums; ++which) lane_sum[which][thread] = sums[which];
    __syncthreads();
    for (int b = warp_of_block(); b < tree_blocks * Target::sums; b += warps_of_block()) {
      const int which = b / tree_blocks, of_block = b % tree_blocks;
      Lanes lanes;
      for (int q = 0; q < 4; ++q) lanes.v[q] = lane_sum[which][of_block * tree_lanes + Apart::lane(q)];
      const float sum = Apart::fold(lanes);
      if (warp_lane() == 0) block_total[which][of_block] = sum;
    }
    __syncthreads();
    float total[Target::sums];
    for (int which = 0; which < Target::sums; ++which) {
      float few[8];
      for (int b = 0; b < 8; ++b) few[b] = b < tree_blocks ? block_total[which][b] : -0.0f;
      total[which] = fold_few<8>(few);
    }
    const auto target = all.target.row(row, cols, x);
    const Finished<Target> finished(all, row, target, highest, total, thread == 0);
    if (all.dx) {
#pragma unroll
      for (int j = 0; j < deep; ++j) {
        const int c = first + j * tree_lanes;
        if (j % 8 == 0) __syncwarp();
        if (is_there(j)) all.dx[std::int64_t{row} * cols + c] = finished.gradient(e[j], c, p);
      }
    }
    if (Ahead && Target::dense && more) copy(next_x);
  }
  finish_all_rows(all);
}

}  // namespace wengert::kernels::gpu
