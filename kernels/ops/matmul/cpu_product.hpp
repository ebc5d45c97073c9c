// C = op(A) op(B), in a way that gives the same bits at any address and for any number of threads.
//
//   vectors     plain loops
//   float32     gemm.hpp; Eigen for matrices of few rows or columns, unless they are small
//   float64     Eigen; plain loops for small matrices
//
// Eigen's results depend on how the rows are cut, so they are cut into the same blocks always.
#pragma once

#include <algorithm>
#include <type_traits>
#include <utility>

#include "kernels/cpu/ranges.hpp"
#include "kernels/ops/matmul/cpu_gemm.hpp"
#include "kernels/ops/matmul/matmul.hpp"

namespace wengert::kernels::cpu {

inline bool is_vector(const MatmulShape& s) { return s.m == 1 || s.n == 1; }

/// Where Eigen goes ways of its own that depend on the address, and where packing for it costs more than the product.
inline bool is_small(const MatmulShape& s) { return s.m * s.k * s.n <= 2048 || s.m + s.k + s.n < 20; }

/// What is packed for gemm is then used by one tile, which is mostly idle.
inline bool is_thin(const MatmulShape& s) { return s.m <= 4 || s.n <= 4; }

/// Rows of C are computed in blocks of this many, whatever the number of threads.
inline constexpr std::int64_t row_block = 64;

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

// Rows [begin, end) of C. Defined in product.cpp, for float and double.

template <class T>
void plain_rows(const MatmulShape& s, const T* a, const T* b, Sink<T> c, std::int64_t begin, std::int64_t end);
template <class T>
void eigen_rows(const MatmulShape& s, const T* a, const T* b, Sink<T> c, std::int64_t begin, std::int64_t end);

/// The whole product. Before rows [begin, end) of C are touched, prepare(begin, end) is called.
template <class T, class F>
void product(const MatmulShape& s, const T* a, const T* b, Sink<T> c, const F& prepare) {
  if constexpr (std::is_same_v<T, float>) {
    if (!is_vector(s) && (is_small(s) || !is_thin(s))) {
      for_ranges(s.m, prepare, grain / (s.n + 1) + 1);
      return gemm(s, a, b, c);
    }
  }
  for_row_blocks(s.m, s.k * s.n, [&](std::int64_t begin, std::int64_t end) {
    prepare(begin, end);
    const MatmulShape part{end - begin, s.k, s.n};
    (is_vector(part) || is_small(part) ? plain_rows<T> : eigen_rows<T>)(s, a, b, c, begin, end);
  });
}

template <class T>
void product(MatmulShape s, const T* a, const T* b, Sink<T> c) {
  if (!c.wanted()) return;
  // A column times a transposed matrix is a row times that matrix, whose plain loop runs along memory.
  if (s.n == 1 && s.transpose_a) {
    std::swap(a, b);
    s = {1, s.k, s.m, false, false};
  }
  product(s, a, b, c, [](std::int64_t, std::int64_t) {});
}

}  // namespace wengert::kernels::cpu
