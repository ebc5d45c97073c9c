// Rows to columns, for kernels that work on several rows side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace wengert::kernels::cpu {

/// A block of `Rows` (4 or 8) rows and four columns. (Vectors go by reference: how a function is handed one that is
/// wider than the processor's depends on the compiler.)
template <class T, int Rows>
struct TurnBlock {
  using Four [[gnu::vector_size(4 * sizeof(T))]] = T;
  using Vector [[gnu::vector_size(Rows * sizeof(T))]] = T;

  /// Four numbers of a row and, of eight rows, four of the fourth row after it.
  static void load(const T* x, std::int64_t pitch, Vector& row) {
    if constexpr (Rows == 4) {
      std::memcpy(&row, x, sizeof row);
    } else {
      Four near, far;
      std::memcpy(&near, x, sizeof near);
      std::memcpy(&far, x + 4 * pitch, sizeof far);
      row = __builtin_shufflevector(near, far, 0, 1, 2, 3, 4, 5, 6, 7);
    }
  }
  /// Two rows like halves of a deck of cards, four by four: first the lower, then the upper ones.
  static void interleave(const Vector& a, const Vector& b, Vector& low, Vector& high) {
    if constexpr (Rows == 4) {
      low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
      high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    } else {
      low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
      high = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
    }
  }
  /// to[c * to_pitch + r] = x[r * pitch + c].
  static void turn(const T* x, std::int64_t pitch, T* to, std::int64_t to_pitch) {
    Vector row[4], half[4], column[4];
    for (int r = 0; r < 4; ++r) load(x + r * pitch, pitch, row[r]);
    interleave(row[0], row[2], half[0], half[1]);
    interleave(row[1], row[3], half[2], half[3]);
    interleave(half[0], half[2], column[0], column[1]);
    interleave(half[1], half[3], column[2], column[3]);
#pragma GCC unroll 4
    for (int c = 0; c < 4; ++c) std::memcpy(to + c * to_pitch, &column[c], sizeof column[c]);
  }
};

/// to[c * to_pitch + r] = x[r * pitch + c] for r in [0, rows) and c in [0, cols), rows >= Rows, cols >= 4. The last
/// blocks overlap those before them, so that there is no remainder.
template <int Rows, class T>
void turn_by(const T* x, std::int64_t rows, std::int64_t cols, std::int64_t pitch, T* to, std::int64_t to_pitch) {
  for (std::int64_t block_r = 0; block_r < rows; block_r += Rows) {
    const std::int64_t r = std::min(block_r, rows - Rows);
    for (std::int64_t block_c = 0; block_c < cols; block_c += 4) {
      const std::int64_t c = std::min(block_c, cols - 4);
      TurnBlock<T, Rows>::turn(x + r * pitch + c, pitch, to + c * to_pitch + r, to_pitch);
    }
  }
}

/// The same for any size.
template <class T>
void turn(const T* x, std::int64_t rows, std::int64_t cols, std::int64_t pitch, T* to, std::int64_t to_pitch) {
  constexpr int most = sizeof(T) == 4 ? 8 : 4;
  if (rows >= most && cols >= 4) return turn_by<most>(x, rows, cols, pitch, to, to_pitch);
  if (rows >= 4 && cols >= 4) return turn_by<4>(x, rows, cols, pitch, to, to_pitch);
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < cols; ++c) to[c * to_pitch + r] = x[r * pitch + c];
  }
}

}  // namespace wengert::kernels::cpu
