// How a product is split into tiles, and its depth into slices: into about as many blocks as a large GPU has multiprocessors,
// whatever the GPU at hand has, since the split decides the bits.
#pragma once

#include <algorithm>
#include <climits>
#include <cstdint>

#include "kernels/ops/matmul/gpu_product_kernel.hpp"

namespace wengert::kernels::gpu {

/// What a kernel's block works on: a tile of m x n, and slices of a multiple of `step` k's, none of which need be shorter
/// than `least` or may be longer than `most`.
struct Tiling {
  int m, n, step, least, most = INT_MAX;

  constexpr std::int64_t tiles(std::int64_t rows, std::int64_t cols) const {
    return ceil_div(rows, m) * ceil_div(cols, n);
  }
};

struct Split {
  Tiling tiling;
  std::int64_t tiles;
  int slices, depth;

  Split(const Tiling& by, std::int64_t rows, std::int64_t cols, std::int64_t in_all)
      : tiling(by), tiles(by.tiles(rows, cols)) {
    constexpr std::int64_t blocks = 128;
    const std::int64_t wanted =
        std::max({std::int64_t{1}, std::min(blocks / tiles, in_all / by.least), ceil_div(in_all, by.most)});
    const std::int64_t of_each = std::max<std::int64_t>(by.step, ceil_div(ceil_div(in_all, wanted), by.step) * by.step);
    depth = static_cast<int>(of_each);
    slices = static_cast<int>(std::max<std::int64_t>(1, ceil_div(in_all, of_each)));
  }
  simt::Launch launch(const GpuStream& on, std::size_t shared_bytes) const {
    return {{static_cast<unsigned>(tiles), static_cast<unsigned>(slices)}, product_threads, shared_bytes, on.queue};
  }
  Slices slices_on(GpuStream& on) const {
    if (slices == 1) return {slices, depth, nullptr, nullptr};
    return {slices, depth, on.scratch(tiles * slices * tiling.m * tiling.n), on.tickets(tiles)};
  }
};

}  // namespace wengert::kernels::gpu
