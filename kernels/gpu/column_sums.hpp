// Sums down the columns of a matrix, each in the tree of kernels/sum_tree.hpp, by blocks that have up to 32 columns and up
// to 4096 rows each. Threads beside each other read beside each other.
#pragma once

#include <cstdint>

#include "kernels/gpu/long_sum.hpp"

namespace wengert::kernels::gpu {

/// `matrices` of (rows, cols), one after another.
struct ColumnSums {
  std::int64_t matrices, rows, cols;
  int width;                 // columns of a block: 2, 4, 8 or 32
  float* partial = nullptr;  // scratch() floats
  unsigned* tickets = nullptr;

  static constexpr std::int64_t most_rows = std::int64_t{tree_block} * tree_block;

  constexpr std::int64_t strips() const { return ceil_div(cols, width); }
  constexpr std::int64_t tree_blocks() const { return ceil_div(rows, tree_block); }
  constexpr std::int64_t blocks() const { return matrices * tree_blocks() * strips(); }
  constexpr std::int64_t scratch() const { return tree_blocks() > 1 ? matrices * tree_blocks() * cols : 0; }
};

/// The sums of up to 4096 rows of `Width` columns, in the first `Width` threads; `column` is the thread's own, if there is
/// one. Between two calls there must be a barrier.
template <int Width>
__device__ float strip_sum(int rows, bool there, const float* column, std::int64_t pitch) {
  constexpr int beside = sum_threads / Width, own = tree_lanes / beside;  // rows read together; lanes of a thread
  SHARED(float, folded, [sum_threads]);
  const int thread = static_cast<int>(threadIdx.x), first = thread / Width;
  float lane[own];
  for (int k = 0; k < own; ++k) lane[k] = -0.0f;  // as in Lanes
#pragma unroll(own < 8 ? 8 / own : 1)
  for (int row = first; row < rows; row += tree_lanes) {
    for (int k = 0; k < own; ++k) {
      const int r = row + k * beside;
      if (there && r < rows) lane[k] = __fadd_rn(lane[k], column[r * pitch]);
    }
  }
#pragma unroll
  for (int step = own / 2; step > 0; step /= 2) {
    for (int k = 0; k < step; ++k) lane[k] = __fadd_rn(lane[k], lane[k + step]);
  }
  folded[thread] = lane[0];
  for (int step = beside / 2; step > 0; step /= 2) {
    __syncthreads();
    if (first < step) folded[thread] = __fadd_rn(folded[thread], folded[thread + step * Width]);
  }
  return folded[thread];
}

template <int Width, class Finish>
__global__ void __launch_bounds__(sum_threads) column_sums(ColumnSums s, const float* x, Finish finish) {
  const std::int64_t strips = s.strips(), blocks = s.tree_blocks();
  const std::int64_t strip = blockIdx.x % strips, block = blockIdx.x / strips % blocks;
  const std::int64_t matrix = blockIdx.x / strips / blocks;
  const std::int64_t column = strip * Width + static_cast<int>(threadIdx.x) % Width, row = block * tree_block;
  const bool there = column < s.cols, writes = there && static_cast<int>(threadIdx.x) < Width;
  const int rows = static_cast<int>(min(std::int64_t{tree_block}, s.rows - row));
  float sum = strip_sum<Width>(rows, there, x + (matrix * s.rows + row) * s.cols + column, s.cols);
  if (blocks > 1) {
    float* const of_blocks = s.partial + matrix * blocks * s.cols;
    if (writes) of_blocks[block * s.cols + column] = sum;
    if (!is_last_block(s.tickets + matrix * strips + strip, static_cast<unsigned>(blocks))) return;
    sum = strip_sum<Width>(static_cast<int>(blocks), there, of_blocks + column, s.cols);
  }
  if (writes) finish(matrix * s.cols + column, sum);
}

/// finish(output, sum) for every column.
template <class Finish>
void launch_column_sums(GpuStream& on, const char* op, std::int64_t matrices, std::int64_t rows, std::int64_t cols,
                        const float* x, const Finish& finish) {
  if (rows > ColumnSums::most_rows) {
    fail(op, ": the GPU's kernel adds up at most ", ColumnSums::most_rows, " rows of a matrix, and here are ", rows);
  }
  const auto launch = [&]<int Width>() {
    ColumnSums s{matrices, rows, cols, Width};
    s.partial = on.scratch(s.scratch());
    s.tickets = on.tickets(matrices * s.strips());
    simt::launch<column_sums<Width, Finish>>({static_cast<unsigned>(s.blocks()), sum_threads, 0, on.queue}, s, x,
                                             finish);
  };
  // 8 columns are the 32 bytes that memory hands out at once; wider strips only where there are blocks enough.
  const bool many = matrices * ceil_div(rows, tree_block) * ceil_div(cols, 32) >= 2 * std::int64_t{processors()};
  if (cols <= 2) return launch.template operator()<2>();
  if (cols <= 4) return launch.template operator()<4>();
  if (cols <= 16 || !many) return launch.template operator()<8>();
  launch.template operator()<32>();
}

}  // namespace wengert::kernels::gpu
