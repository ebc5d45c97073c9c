// Rows to columns, for kernels that work on several rows side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace wengert::kernels::cpu {

/// to[c * to_pitch + r] = x[r * pitch + c] for four rows of four numbers, by eight shuffles.
template <class T>
void turn_block(const T* x, std::int64_t pitch, T* to, std::int64_t to_pitch) {
  using Four [[gnu::vector_size(4 * sizeof(T))]] = T;
  Four row0, row1, row2, row3;
  std::memcpy(&row0, x, sizeof row0);
  std::memcpy(&row1, x + pitch, sizeof row1);
  std::memcpy(&row2, x + 2 * pitch, sizeof row2);
  std::memcpy(&row3, x + 3 * pitch, sizeof row3);
  // Interleaved twice, like a deck of cards: 0 2 with 1 3, each time the lower and the upper halves.
  const Four low02 = __builtin_shufflevector(row0, row2, 0, 4, 1, 5);
  const Four high02 = __builtin_shufflevector(row0, row2, 2, 6, 3, 7);
  const Four low13 = __builtin_shufflevector(row1, row3, 0, 4, 1, 5);
  const Four high13 = __builtin_shufflevector(row1, row3, 2, 6, 3, 7);
  const Four columns[4] = {
      __builtin_shufflevector(low02, low13, 0, 4, 1, 5), __builtin_shufflevector(low02, low13, 2, 6, 3, 7),
      __builtin_shufflevector(high02, high13, 0, 4, 1, 5), __builtin_shufflevector(high02, high13, 2, 6, 3, 7)};
  for (int c = 0; c < 4; ++c) std::memcpy(to + c * to_pitch, &columns[c], sizeof columns[c]);
}

/// to[c * to_pitch + r] = x[r * pitch + c] for r in [0, rows) and c in [0, cols). The last blocks of four overlap those
/// before them, so that there is no remainder.
template <class T>
void turn(const T* x, std::int64_t rows, std::int64_t cols, std::int64_t pitch, T* to, std::int64_t to_pitch) {
  if (rows < 4 || cols < 4) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < cols; ++c) to[c * to_pitch + r] = x[r * pitch + c];
    }
    return;
  }
  for (std::int64_t block_r = 0; block_r < rows; block_r += 4) {
    const std::int64_t r = std::min(block_r, rows - 4);
    for (std::int64_t block_c = 0; block_c < cols; block_c += 4) {
      const std::int64_t c = std::min(block_c, cols - 4);
      turn_block(x + r * pitch + c, pitch, to + c * to_pitch + r, to_pitch);
    }
  }
}

}  // namespace wengert::kernels::cpu
