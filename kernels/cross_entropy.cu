// Four kernels by the length of a row: a thread per row, a warp, a block that keeps the row in registers, and a block
// that reads it again. What they share is in gpu/cross_entropy_rows.hpp. They give the loss, and with it the gradient if
// that is asked for; where only lse is known of the loss, gpu/cross_entropy_gradient.hpp gives the gradient.
#include "kernels/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "kernels/gpu/cross_entropy.hpp"
#include "kernels/gpu/cross_entropy_gradient.hpp"
#include "kernels/gpu/cross_entropy_rows.hpp"
#include "kernels/gpu/offer.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {
namespace {

constexpr std::int64_t most_columns = std::int64_t{1} << 22;
constexpr int packed_threads = 128, packed_columns = 32;
constexpr std::int64_t many_rows = 1 << 17;  // of which a block may take several tiles without leaving others idle
constexpr int warp_threads = 256, warps = warp_threads / 32, warp_columns = 512;
constexpr int block_columns = 8 * tree_block;
constexpr int long_threads = 1024;

// A thread per row, tile after tile. A tile's rows are neighbours in memory, so they are copied as one piece; in shared
// memory they stand an odd number of words apart, which spreads a column over the banks.
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
    if (all.wants_gradient()) {
      for (int c = 0; c < Power; ++c) {
        if (c < cols) x[c] = finished.gradient(e[c], c, p);
      }
    }
  }
  if (all.wants_gradient()) {
    __syncthreads();
#pragma unroll 4
    for (int i = static_cast<int>(threadIdx.x); i < rows * cols; i += packed_threads) {
      put(all.dx, first * cols + i, tile[place(i)]);
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

// A warp has `Rows` rows, whose loads are in flight together. Its thread t holds the lanes t + 32 q of the sum tree, `Deep`
// numbers in each.
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
  for (int j = 0; all.wants_gradient() && j < Deep; ++j) {
    if (Target::dense) __syncwarp();
    for (int q = 0; q < 4; ++q) {
      const int c = j * tree_lanes + Apart::lane(q);
      if (c < cols) put(all.dx, std::int64_t{row} * cols + c, finished.gradient(e[j][q], c, p));
    }
  }
}

template <class Target, int Deep, int Rows>
__global__ void __launch_bounds__(warp_threads, 2) warp_per_row(RowsOf<Target> all) {
  const std::int64_t first = (std::int64_t{blockIdx.x} * warps + warp_of_block()) * Rows;
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
  finish_rows(all, warps * Rows);
}

// A block per row, one after another. A thread is one lane of one block of the sum tree, and keeps its 32 numbers in
// registers. It copies them to shared memory ahead of time, itself, so that it waits for no other thread's copies: there
// lie x, then p if there is one, then the next row's x.
template <class Target>
__global__ void __launch_bounds__(block_columns / 32) block_per_row(RowsOf<Target> all) {
  constexpr int deep = tree_block / tree_lanes;
  SHARED_DYNAMIC(float, ahead);
  SHARED(float, lane_sum, [Target::sums][block_columns / 32]);
  SHARED(float, block_total, [Target::sums][8]);
  const int cols = static_cast<int>(all.cols), tree_blocks = static_cast<int>(blockDim.x) / tree_lanes;
  const int thread = static_cast<int>(threadIdx.x);
  const int first = thread / tree_lanes * tree_block + thread % tree_lanes;
  const auto copy = [=](const float* row) {
#pragma unroll 4
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      if (c < cols) simt::cp_async<4>(ahead + c, row + c);
    }
    simt::cp_async_commit();
  };
  copy(all.x + std::int64_t{blockIdx.x} * cols);
  for (int row = static_cast<int>(blockIdx.x); row < all.rows; row += static_cast<int>(gridDim.x)) {
    const float* const x = all.x + std::int64_t{row} * cols;
    const float* const next_x = x + std::int64_t{gridDim.x} * cols;
    const bool more = row + gridDim.x < all.rows;
    simt::cp_async_wait<0>();
    float e[deep], highest = -INFINITY;
#pragma unroll
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      e[j] = c < cols ? ahead[c] : -INFINITY;
      highest = fmaxf(highest, e[j]);
    }
    if (Target::dense) {
      copy(all.target.of_row(row, cols));
    } else if (more) {
      copy(next_x);
    }
    highest = block_max(highest);
    if (Target::dense) simt::cp_async_wait<0>();

    float sums[Target::sums];
    for (int which = 0; which < Target::sums; ++which) sums[which] = -0.0f;
#pragma unroll
    for (int j = 0; j < deep; ++j) {
      const int c = first + j * tree_lanes;
      if (j % 8 == 0) __syncwarp();  // lest too many numbers are on their way at once, which takes too many registers
      const float away = highest - e[j];
      e[j] = expf(-away);  // 0 where there is no such class
      sums[0] = __fadd_rn(sums[0], e[j]);
      Target::Row::terms(c < cols, ahead, c, away,
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
    if (all.wants_gradient()) {
#pragma unroll
      for (int j = 0; j < deep; ++j) {
        const int c = first + j * tree_lanes;
        if (j % 8 == 0) __syncwarp();
        if (c < cols) put(all.dx, std::int64_t{row} * cols + c, finished.gradient(e[j], c, ahead));
      }
    }
    if (Target::dense && more) copy(next_x);
  }
  finish_all_rows(all);
}

// Longer rows: each warp takes blocks of the sum tree, each with its own maximum, so that one pass will do for the sums;
// they are brought to the row's maximum afterwards. A second pass writes the gradient.
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
    if (all.wants_gradient()) {
#pragma unroll 4
      for (int c = static_cast<int>(threadIdx.x); c < cols; c += long_threads) {
        put(all.dx, std::int64_t{row} * cols + c,
            finished.gradient(expf(x[c] - highest), c, all.target.of_row(row, cols)));
      }
    }
    __syncthreads();  // block_highest is written again
  }
  finish_all_rows(all);
}

template <class Target>
void run(GpuStream& on, RowsOf<Target> all) {
  const auto cols = all.cols;
  if (all.rows > std::numeric_limits<std::int32_t>::max())
    fail("cross_entropy: ", all.rows, " rows, but the GPU's kernels take at most 2^31 - 1");
  if (cols > most_columns) fail("cross_entropy: ", cols, " columns, but the GPU's kernels take at most ", most_columns);
  if (cols > warp_columns && all.rows > most_numbers)
    fail("cross_entropy: ", all.rows, " rows of ", cols, " columns, but the GPU's kernels take at most ", most_numbers,
         " rows of more than ", warp_columns);
  all.scratch = on.scratch(all.rows + ceil_div(all.rows, tree_block));
  all.tickets = on.tickets(ceil_div(all.rows, tree_block) + 1);
  const auto packed = [&]<int Power>() {
    const int tiles = all.rows < many_rows ? 1 : 4;
    const auto blocks = static_cast<unsigned>(std::max<std::int64_t>(1, ceil_div(all.rows, packed_threads * tiles)));
    simt::launch<packed_rows<Target, Power>>({blocks, packed_threads, 0, on.queue}, all, tiles);
  };
  const auto warp = [&]<int Deep, int Rows>() {
    const auto blocks = static_cast<unsigned>(ceil_div(all.rows, warps * Rows));
    simt::launch<warp_per_row<Target, Deep, Rows>>({blocks, warp_threads, 0, on.queue}, all);
  };
  if (cols <= 4 || all.rows == 0) return packed.template operator()<4>();
  if (cols <= 8) return packed.template operator()<8>();
  if (cols <= 16) return packed.template operator()<16>();
  if (cols <= packed_columns) return packed.template operator()<32>();
  if (cols <= 128) return warp.template operator()<1, 4>();
  if (cols <= warp_columns) return warp.template operator()<4, 2>();
  if constexpr (!Target::dense) {  // which would take too many registers
    if (cols <= 1024) return warp.template operator()<8, 1>();
  }
  if (cols <= block_columns) {
    const auto threads = static_cast<unsigned>(ceil_div(cols, tree_block) * tree_lanes);
    const auto bytes = static_cast<std::size_t>(ceil_div(cols, 4) * 16);
    const int at_once =
        static_cast<int>(std::min<std::size_t>(1024 / threads, 225 * 1024 / (bytes + 4096 * Target::sums + 2048)));
    simt::launch<block_per_row<Target>>({grid_of(all.rows, std::max(1, at_once), on), threads, bytes, on.queue}, all);
  } else {
    const auto bytes = static_cast<std::size_t>(ceil_div(cols, tree_block)) * (1 + Target::sums) * sizeof(float);
    simt::launch<long_rows<Target>>({grid_of(all.rows, 2, on), long_threads, bytes, on.queue}, all);
  }
}

template <class Target>
void run_gradient(const GpuStream& on, Rows s, const Target& target, const float* x, const float* dloss,
                  Sink<float> dx) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (!dx.wanted() || s.rows == 0 || s.cols == 0) return;
  if (s.cols > most || s.rows > most)
    fail("cross_entropy: ", s.rows, " x ", s.cols, ", but the GPU's kernels take at most 2^31 - 1 rows and columns");
  const simt::Launch where = over_elements(on, s.rows * s.cols);
  if (dx.mode == SinkMode::add) {
    simt::launch<row_gradients<Target, true>>(where, s, target, x, dloss, dx.data);
  } else {
    simt::launch<row_gradients<Target, false>>(where, s, target, x, dloss, dx.data);
  }
}

constexpr Sink<float> no_gradient{nullptr, SinkMode::ignore};

}  // namespace

void cross_entropy_with_gradient(Stream& stream, Rows s, const float* x, const std::int32_t* labels, const float* dloss,
                                 float* lse, float* loss, Sink<float> dx) {
  GpuStream& on = on_gpu(stream);
  run(on, RowsOf<Labels>{s.rows, s.cols, x, {labels, on.bad_row()}, dloss, lse, loss, dx});
}
void cross_entropy(Stream& stream, Rows s, const float* x, const std::int32_t* labels, float* lse, float* loss) {
  cross_entropy_with_gradient(stream, s, x, labels, nullptr, lse, loss, no_gradient);
}
void cross_entropy_backward(Stream& stream, Rows s, const float* x, const std::int32_t* labels, const float* lse,
                            const float* dloss, Sink<float> dx) {
  const GpuStream& on = on_gpu(stream);
  run_gradient(on, s, GradientToLabels{labels, lse, on.bad_row()}, x, dloss, dx);
}

void soft_cross_entropy_with_gradient(Stream& stream, Rows s, const float* x, const float* p, const float* dloss,
                                      float* lse, float* mass, float* loss, Sink<float> dx) {
  run(on_gpu(stream), RowsOf<Probabilities>{s.rows, s.cols, x, {p, mass}, dloss, lse, loss, dx});
}
void soft_cross_entropy(Stream& stream, Rows s, const float* x, const float* p, float* lse, float* mass, float* loss) {
  soft_cross_entropy_with_gradient(stream, s, x, p, nullptr, lse, mass, loss, no_gradient);
}
void soft_cross_entropy_backward(Stream& stream, Rows s, const float* x, const float* p, const float* lse,
                                 const float* mass, const float* dloss, Sink<float> dx) {
  run_gradient(on_gpu(stream), s, GradientToProbabilities{p, lse, mass}, x, dloss, dx);
}

namespace {

const Offer offered{take_place<&kernels::cross_entropy<float>, &cross_entropy>(),
                    take_place<&kernels::cross_entropy_backward<float>, &cross_entropy_backward>(),
                    take_place<&kernels::soft_cross_entropy<float>, &soft_cross_entropy>(),
                    take_place<&kernels::soft_cross_entropy_backward<float>, &soft_cross_entropy_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
