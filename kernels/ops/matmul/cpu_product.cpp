#include "kernels/ops/matmul/cpu_product.hpp"

#ifndef WENGERT_KERNELS_ONLY
// Eigen packs panels of its operands into buffers on the stack up to this size, and calls malloc beyond.
#define EIGEN_STACK_ALLOCATION_LIMIT (1 << 20)
#include <Eigen/Core>
#endif
#include <algorithm>
#include <array>

namespace wengert::kernels::cpu {
namespace {

// a . b over n numbers, `step` apart in a: sixteen sums side by side where n is large, because one alone is a chain.
template <class T>
T dot(std::int64_t n, const T* a, std::int64_t step, const T* b) {
  constexpr std::int64_t lanes = 16;
  T sum{0};
  std::int64_t i = 0;
  if (n >= 2 * lanes && step == 1) {
    std::array<T, lanes> partial{};
    for (; i + lanes <= n; i += lanes) {
      for (std::int64_t l = 0; l < lanes; ++l) partial[l] += a[i + l] * b[i + l];
    }
    for (const T lane : partial) sum += lane;
  }
  for (; i < n; ++i) sum += a[i * step] * b[i];
  return sum;
}

#ifndef WENGERT_KERNELS_ONLY
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// f(A, B) with the operands as Eigen sees them, A cut to rows [begin, end) of op(A).
template <class T, class F>
void with_operands(const MatmulShape& s, const T* a, const T* b, std::int64_t begin, std::int64_t end, const F& f) {
  const Eigen::Map<const Matrix<T>> A(a, s.transpose_a ? s.k : s.m, s.transpose_a ? s.m : s.k);
  const Eigen::Map<const Matrix<T>> B(b, s.transpose_b ? s.n : s.k, s.transpose_b ? s.k : s.n);
  const auto with_b = [&](const auto& left) { s.transpose_b ? f(left, B.transpose()) : f(left, B); };
  if (s.transpose_a) {
    with_b(A.middleCols(begin, end - begin).transpose());
  } else {
    with_b(A.middleRows(begin, end - begin));
  }
}
#endif

}  // namespace

// For vectors and small matrices.
template <class T>
void plain_rows(const MatmulShape& s, const T* a, const T* b, Sink<T> c, std::int64_t begin, std::int64_t end) {
  const std::int64_t row_step = s.transpose_a ? 1 : s.k, step = s.transpose_a ? s.m : 1;
  for (std::int64_t i = begin; i < end; ++i) {
    const T* const row = a + i * row_step;
    const Sink<T> out{c.data + i * s.n, c.mode};
    if (s.transpose_b || s.n == 1) {
      for (std::int64_t j = 0; j < s.n; ++j) out.put(j, dot(s.k, row, step, b + j * s.k));
      continue;
    }
    constexpr std::int64_t strip = 64;  // of C's row, in registers or the first-level cache
    for (std::int64_t j0 = 0; j0 < s.n; j0 += strip) {
      const std::int64_t width = std::min(strip, s.n - j0);
      std::array<T, strip> sums;
      std::fill_n(sums.begin(), width, T{0});
      for (std::int64_t k = 0; k < s.k; ++k) {
        const T factor = row[k * step];
        const T* const from = b + k * s.n + j0;
        for (std::int64_t j = 0; j < width; ++j) sums[static_cast<std::size_t>(j)] += factor * from[j];
      }
      for (std::int64_t j = 0; j < width; ++j) out.put(j0 + j, sums[static_cast<std::size_t>(j)]);
    }
  }
}

template <class T>
void eigen_rows(const MatmulShape& s, const T* a, const T* b, Sink<T> c, std::int64_t begin, std::int64_t end) {
#ifdef WENGERT_KERNELS_ONLY
  plain_rows(s, a, b, c, begin, end);
#else
  const std::int64_t rows = end - begin;
  Eigen::Map<Matrix<T>> C(c.data + begin * s.n, rows, s.n);
  if (c.mode == SinkMode::write) C.setZero();  // as Eigen's own = does; so one product is compiled, and not two
  with_operands(s, a, b, begin, end, [&](const auto& left, const auto& right) { C.noalias() += left * right; });
#endif
}

template void plain_rows(const MatmulShape&, const float*, const float*, Sink<float>, std::int64_t, std::int64_t);
template void eigen_rows(const MatmulShape&, const float*, const float*, Sink<float>, std::int64_t, std::int64_t);
template void plain_rows(const MatmulShape&, const double*, const double*, Sink<double>, std::int64_t, std::int64_t);
template void eigen_rows(const MatmulShape&, const double*, const double*, Sink<double>, std::int64_t, std::int64_t);

}  // namespace wengert::kernels::cpu
