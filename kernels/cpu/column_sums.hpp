// Sums down the columns of a matrix, each column in the fixed tree, many columns side by side.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "kernels/base/memory.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels::cpu {

/// At most this many columns at a time: 128 lanes of them stay in the first-level cache.
inline constexpr std::int64_t strip_width = 32;

/// A block of `rows` (1 to 4096) by `width` (1 to 32) elements whose rows are `pitch` apart. lane[l * width + w] is
/// lane l of column w, and lane[w] the sum in the end.
template <class T, class X>
void strip_sums(const X* x, std::int64_t rows, std::int64_t width, std::int64_t pitch, T* lane) {
  const std::int64_t used = std::min(rows, sum_tree::lanes);
  if (width == pitch) {  // the rows join on: whole rounds of the lanes are plain vector additions
    std::copy(x, x + used * width, lane);
    for (std::int64_t r = used; r < rows; r += sum_tree::lanes) {
      const std::int64_t count = std::min(rows - r, sum_tree::lanes) * width;
      for (std::int64_t i = 0; i < count; ++i) lane[i] += static_cast<T>(x[r * width + i]);
    }
  } else {
    for (std::int64_t r = 0; r < used; ++r) std::copy(x + r * pitch, x + r * pitch + width, lane + r * width);
    for (std::int64_t r = used; r < rows; ++r) {
      T* const sums = lane + r % sum_tree::lanes * width;
      for (std::int64_t w = 0; w < width; ++w) sums[w] += static_cast<T>(x[r * pitch + w]);
    }
  }
  for (std::int64_t left = used, step = sum_tree::lanes / 2; step > 0; step /= 2) {
    for (std::int64_t i = 0; i < (left - step) * width; ++i) lane[i] += lane[i + step * width];
    left = std::min(left, step);
  }
}

/// finish(column, sum) for each column of x (rows, cols), whose rows are `pitch` apart.
template <class T, class X, class F>
void column_sums(const X* x, std::int64_t rows, std::int64_t cols, std::int64_t pitch, const F& finish) {
  if (cols == 0) return;
  const std::int64_t strips = (cols + strip_width - 1) / strip_width;
  const std::int64_t blocks = (rows + sum_tree::block - 1) / sum_tree::block;
  if (blocks == 0) {
    for (std::int64_t c = 0; c < cols; ++c) finish(c, T{0});
    return;
  }
  // done(block, column, sum) for each.
  const auto each_block = [&](const auto& done) {
    const auto some_blocks = [&](std::int64_t begin, std::int64_t end) {
      std::array<T, sum_tree::lanes * strip_width> lane;
      for (std::int64_t item = begin; item < end; ++item) {
        const std::int64_t block = item / strips, row = block * sum_tree::block, column = item % strips * strip_width;
        const std::int64_t width = std::min(cols - column, strip_width);
        strip_sums(x + row * pitch + column, std::min(rows - row, sum_tree::block), width, pitch, lane.data());
        for (std::int64_t w = 0; w < width; ++w) done(block, column + w, lane[static_cast<std::size_t>(w)]);
      }
    };
    const std::int64_t work = std::min(rows, sum_tree::block) * std::min(cols, strip_width);
    for_ranges(blocks * strips, some_blocks, std::max<std::int64_t>(1, grain / work));
  };
  if (blocks == 1) {
    each_block([&](std::int64_t, std::int64_t column, T sum) { finish(column, sum); });
  } else {
    PoolVector<T> partial(static_cast<std::size_t>(blocks * cols));
    each_block([&, sums = partial.data()](std::int64_t block, std::int64_t column, T sum) {
      sums[block * cols + column] = sum;
    });
    column_sums<T>(static_cast<const T*>(partial.data()), blocks, cols, cols, finish);
  }
}

}  // namespace wengert::kernels::cpu
