// Sums down the columns of a matrix, each column in the tree of kernels/sum_tree.hpp, and so with the CPU's bits.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/sink.hpp"

namespace wengert::kernels::gpu {

inline constexpr int column_threads = 256;

/// One level of the tree: y (ceil(rows / 4096), cols). A block of threads has a block of the tree, of a strip of `Width`
/// columns. A group of Width threads, one to a column, takes every `groups`th lane, so that the first steps of the fold
/// stay inside a thread.
template <int Width, bool Add>
__global__ void __launch_bounds__(column_threads)
    strip_sums(std::int64_t rows, std::int64_t cols, const float* x, float* y) {
  constexpr int groups = column_threads / Width, lanes = tree_lanes / groups;
  static_assert(lanes >= 1);
  SHARED(float, of_group, [groups][Width]);
  const std::int64_t strips = (cols + Width - 1) / Width, block = blockIdx.x / strips;
  const int group = static_cast<int>(threadIdx.x) / Width, w = static_cast<int>(threadIdx.x) % Width;
  const std::int64_t column = blockIdx.x % strips * Width + w, first = block * tree_block;
  const int count = static_cast<int>(min(std::int64_t{tree_block}, rows - first));

  float sum[lanes];
  for (int j = 0; j < lanes; ++j) sum[j] = -0.0f;  // to which x + -0 = x for every x
  for (int row = 0; column < cols && row < count; row += tree_lanes) {
    for (int j = 0; j < lanes; ++j) {
      const int r = row + group + j * groups;
      if (r < count) sum[j] = __fadd_rn(sum[j], x[(first + r) * cols + column]);
    }
  }
#pragma unroll
  for (int step = lanes / 2; step > 0; step /= 2) {
    for (int j = 0; j < step; ++j) sum[j] = __fadd_rn(sum[j], sum[j + step]);
  }
  for (int step = groups / 2; step > 0; step /= 2) {
    if (group < 2 * step) of_group[group][w] = sum[0];
    __syncthreads();
    if (group < step) sum[0] = __fadd_rn(sum[0], of_group[group + step][w]);
    __syncthreads();
  }
  if (group > 0 || column >= cols) return;
  const float total = rows > 0 ? sum[0] : 0.0f;
  float* const to = y + block * cols + column;
  *to = Add ? __fadd_rn(*to, total) : total;
}

template <int Width>
void one_level(const GpuStream& on, std::int64_t rows, std::int64_t cols, const float* x, Sink<float> y) {
  const std::int64_t blocks = std::max<std::int64_t>(1, ceil_div(rows, tree_block)) * ceil_div(cols, Width);
  const simt::Launch where{static_cast<unsigned>(blocks), column_threads, 0, on.queue};
  if (y.mode == SinkMode::add) {
    simt::launch<strip_sums<Width, true>>(where, rows, cols, x, y.data);
  } else {
    simt::launch<strip_sums<Width, false>>(where, rows, cols, x, y.data);
  }
}

/// sums (cols) of x (rows, cols). A level of the tree takes a launch: one up to 4096 rows, two up to 2^24.
inline void column_sums(GpuStream& on, std::int64_t rows, std::int64_t cols, const float* x, Sink<float> sums) {
  if (!sums.wanted() || cols == 0) return;
  const auto level = [&](const float* from, Sink<float> to) {
    if (cols <= 4) return one_level<4>(on, rows, cols, from, to);
    if (cols <= 16) return one_level<16>(on, rows, cols, from, to);
    one_level<32>(on, rows, cols, from, to);
  };
  float* partial = rows > tree_block ? on.scratch(2 * ceil_div(rows, tree_block) * cols) : nullptr;
  for (std::int64_t blocks; rows > tree_block; rows = blocks) {
    blocks = ceil_div(rows, tree_block);
    level(x, {partial, SinkMode::write});
    x = partial;
    partial += blocks * cols;
  }
  level(x, sums);
}

}  // namespace wengert::kernels::gpu
