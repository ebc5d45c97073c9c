// Sums down the columns of a matrix, each column in the tree of kernels/base/sum_tree.hpp, and so with the CPU's bits.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {

inline constexpr int column_threads = 256;

/// Matrices of (rows, cols), one after another.
struct Matrices {
  std::int64_t count, rows, cols;
  constexpr std::int64_t tree_blocks() const { return std::max<std::int64_t>(1, ceil_div(rows, tree_block)); }
};

/// One level of the tree: y (count, tree_blocks(), cols) gets each sum divided. A block of threads has a block of the tree,
/// of a strip of `Width` columns. A group of Width threads, one to a column, takes every `groups`th lane, so that the first
/// steps of the fold stay inside a thread.
template <int Width>
__global__ void __launch_bounds__(column_threads)
    strip_sums(Matrices of, const float* x, float divisor, Sink<float> y) {
  constexpr int groups = column_threads / Width, lanes = tree_lanes / groups;
  static_assert(lanes >= 1);
  SHARED(float, of_group, [groups][Width]);
  const std::int64_t strips = ceil_div(of.cols, Width), in_matrix = blockIdx.x / strips;
  const std::int64_t block = in_matrix % of.tree_blocks(), matrix = in_matrix / of.tree_blocks();
  const int group = static_cast<int>(threadIdx.x) / Width, w = static_cast<int>(threadIdx.x) % Width;
  const std::int64_t column = blockIdx.x % strips * Width + w, first = block * tree_block;
  const int count = static_cast<int>(min(std::int64_t{tree_block}, of.rows - first));
  const float* const from = x + (matrix * of.rows + first) * of.cols + column;

  float sum[lanes];
  for (int j = 0; j < lanes; ++j) sum[j] = -0.0f;  // to which x + -0 = x for every x
#pragma unroll 4
  for (int row = group; row < count; row += tree_lanes) {
    for (int j = 0; j < lanes; ++j) {
      const int r = row + j * groups;
      if (column < of.cols && r < count) sum[j] = __fadd_rn(sum[j], from[r * of.cols]);
    }
  }
#pragma unroll
  for (int step = lanes / 2; step > 0; step /= 2) {
    for (int j = 0; j < step; ++j) sum[j] = __fadd_rn(sum[j], sum[j + step]);
  }
  of_group[group][w] = sum[0];
  for (int step = groups / 2; step > 0; step /= 2) {
    __syncthreads();
    if (group < step) of_group[group][w] = __fadd_rn(of_group[group][w], of_group[group + step][w]);
  }
  if (group > 0 || column >= of.cols) return;
  y.put(in_matrix * of.cols + column, (of.rows > 0 ? of_group[0][w] : 0.0f) / divisor);
}

template <int Width>
void one_level(const GpuStream& on, const Matrices& of, const float* x, float divisor, Sink<float> y) {
  const std::int64_t blocks = of.count * of.tree_blocks() * ceil_div(of.cols, Width);
  simt::launch<strip_sums<Width>>({static_cast<unsigned>(blocks), column_threads, 0, on.queue}, of, x, divisor, y);
}

/// sums (count, cols) = the sum of each column / divisor. A level of the tree takes a launch: one up to 4096 rows, two up
/// to 2^24.
inline void column_sums(GpuStream& on, Matrices of, const float* x, float divisor, Sink<float> sums) {
  if (!sums.wanted() || of.count * of.cols == 0) return;
  const auto level = [&](const float* from, float by, Sink<float> to) {
    // 8 floats are the 32 bytes that memory hands out at once; wider strips only where there are blocks enough.
    const bool many = of.count * of.tree_blocks() * ceil_div(of.cols, 32) >= 2 * std::int64_t{on.processors()};
    if (of.cols <= 2) return one_level<2>(on, of, from, by, to);
    if (of.cols <= 4) return one_level<4>(on, of, from, by, to);
    if (of.cols <= 16 || !many) return one_level<8>(on, of, from, by, to);
    one_level<32>(on, of, from, by, to);
  };
  float* partial = of.rows > tree_block ? on.scratch(2 * of.count * of.tree_blocks() * of.cols) : nullptr;
  for (std::int64_t blocks; of.rows > tree_block; of.rows = blocks) {
    blocks = of.tree_blocks();
    level(x, 1.0f, {partial, SinkMode::write});
    x = partial;
    partial += of.count * blocks * of.cols;
  }
  level(x, divisor, sums);
}

}  // namespace wengert::kernels::gpu
