// Longer rows: each warp takes blocks of the sum tree, each with its own maximum, so that one pass will do for the sums;
// they are brought to the row's maximum afterwards. A second pass writes the gradient.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/ops/cross_entropy/gpu_rows.hpp"

namespace wengert::kernels::gpu {

inline constexpr int long_threads = 1024;
inline constexpr std::int64_t most_columns = std::int64_t{1} << 22;

template <class Target>
__global__ void __launch_bounds__(long_threads) long_rows(RowsOf<Target> all) {
  SHARED_DYNAMIC(float, block_highest);  // then the sums of each block
  const int cols = static_cast<int>(all.cols), tree_blocks = (cols + tree_block - 1) / tree_block;
  for (int row = static_cast<int>(blockIdx.x); row < all.rows; row += static_cast<int>(gridDim.x)) {
    const float* const x = all.x + std::int64_t{row} * cols;
    const auto target = all.target.row(row, cols, x);
    for (int b = warp_of_block(); b < tree_blocks; b += warps_of_block()) {
      const int begin = b * tree_block, count = min(tree_block, cols - begin);
      float highest = -INFINITY;
#pragma unroll 8
      for (int i = warp_lane(); i < count; i += 32) highest = fmaxf(highest, x[begin + i]);
      highest = warp_max(highest);
      const float base = highest == -INFINITY ? 0.0f : highest;
      Lanes sums[Target::sums];
#pragma unroll 4
      for (int i = 0; i < count; i += tree_lanes) {
        for (int q = 0; q < 4; ++q) {
          const int c = i + Apart::lane(q);
          if (c >= count) continue;
          const float away = base - x[begin + c];
          sums[0].add(q, expf(-away));
          Target::Row::terms(true, all.target.of_row(row, cols), begin + c, away,
                             [&](int which, float term) { sums[which].add(q, term); });
        }
      }
      for (int which = 0; which < Target::sums; ++which) {
        const float sum = Apart::fold(sums[which]);
        if (warp_lane() == 0) block_highest[(1 + which) * tree_blocks + b] = sum;
      }
      if (warp_lane() == 0) block_highest[b] = highest;
    }
    __syncthreads();
    float highest = -INFINITY;
    for (int b = 0; b < tree_blocks; ++b) highest = fmaxf(highest, block_highest[b]);
    SHARED(float, row_total, [Target::sums]);
    for (int which = warp_of_block(); which < Target::sums; which += warps_of_block()) {
      const float sum = warp_sum(tree_blocks, [&](int b) {
        return Target::rebase(which, highest - block_highest[b], block_highest + tree_blocks + b, tree_blocks);
      });
      if (warp_lane() == 0) row_total[which] = sum;
    }
    __syncthreads();
    float total[Target::sums];
    for (int which = 0; which < Target::sums; ++which) total[which] = row_total[which];
    const Finished<Target> finished(all, row, target, highest, total, threadIdx.x == 0);
    if (all.dx) {
#pragma unroll 4
      for (int c = static_cast<int>(threadIdx.x); c < cols; c += long_threads) {
        all.dx[std::int64_t{row} * cols + c] = finished.gradient(expf(x[c] - highest), c, all.target.of_row(row, cols));
      }
    }
  }
  finish_all_rows(all);
}

}  // namespace wengert::kernels::gpu
