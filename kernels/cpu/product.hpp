// C = op(A) op(B), by Eigen where it pays, in a way that gives the same bits at any address and for any number of
// threads.
#pragma once

#include <algorithm>
#include <utility>

#include "kernels/cpu/ranges.hpp"
#include "kernels/matmul.hpp"

namespace wengert::kernels::cpu {

/// Rows of C are computed in blocks of this many, whatever the number of threads: Eigen's results depend on the cut.
inline constexpr std::int64_t row_block = 64;

/// Rows [begin, end) of C; at most row_block of them. Defined in product.cpp, for float and double.
template <class T>
void product_rows(const MatmulShape& s, const T* a, const T* b, Sink<T> c, std::int64_t begin, std::int64_t end);

/// body(begin, end) for the blocks of `rows` rows, each of which costs `work` multiplications.
template <class F>
void for_row_blocks(std::int64_t rows, std::int64_t work, const F& body) {
  if (rows <= row_block) return body(std::int64_t{0}, rows);
  const auto blocks = [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t block = first; block < last; ++block)
      body(block * row_block, std::min(rows, (block + 1) * row_block));
  };
  for_ranges((rows + row_block - 1) / row_block, blocks,
             std::max<std::int64_t>(1, 4 * grain / (row_block * std::max<std::int64_t>(1, work))));
}

template <class T>
void product(MatmulShape s, const T* a, const T* b, Sink<T> c) {
  if (!c.wanted()) return;
  // A column times a transposed matrix is a row times that matrix, whose plain loop runs along memory.
  if (s.n == 1 && s.transpose_a) {
    std::swap(a, b);
    s = {1, s.k, s.m, false, false};
  }
  for_row_blocks(s.m, s.k * s.n, [&](std::int64_t begin, std::int64_t end) { product_rows(s, a, b, c, begin, end); });
}

}  // namespace wengert::kernels::cpu
