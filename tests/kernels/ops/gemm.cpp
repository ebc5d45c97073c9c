// The product of our own beside Eigen's, plain loops, and the exact one.
#include "kernels/ops/matmul/cpu_gemm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "kernels/base/math.hpp"
#include "kernels/base/parallel.hpp"
#include "kernels/ops/matmul/cpu_product.hpp"

namespace {

using namespace wengert::kernels;
using wengert::SinkMode;
using Matrix = std::vector<float>;

Matrix random_matrix(std::int64_t numbers, unsigned seed) {
  std::mt19937 generator(seed);
  Matrix x(static_cast<std::size_t>(numbers));
  for (float& value : x) value = static_cast<float>(generator() >> 8) * 0x1p-23f - 1;
  return x;
}

bool same_bits(const Matrix& a, const Matrix& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](float p, float q) { return math::bits(p) == math::bits(q); });
}

/// op(A) and op(B) of some shape, and what their product may be: each of the k additions and multiplications rounds
/// once, and the addition to what was there.
struct Example {
  MatmulShape s;
  Matrix a = random_matrix(s.m * s.k, 1), b = random_matrix(s.k * s.n, 2), before = random_matrix(s.m * s.n, 3);
  std::vector<double> exact, error;

  explicit Example(const MatmulShape& shape) : s(shape) {
    for (std::int64_t i = 0; i < s.m; ++i) {
      for (std::int64_t j = 0; j < s.n; ++j) {
        double sum = 0, size = 0;
        for (std::int64_t l = 0; l < s.k; ++l) {
          const double term = double{a[place(s.transpose_a, i, l, s.m, s.k)]} * b[place(s.transpose_b, l, j, s.k, s.n)];
          sum += term;
          size += std::abs(term);
        }
        exact.push_back(sum);
        error.push_back((static_cast<double>(s.k) + 2) * 0x1p-24 * (size + 1));
      }
    }
  }

  bool within(const Matrix& c, const Matrix& added_to = {}) const {
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double expected = exact[i] + (added_to.empty() ? 0 : double{added_to[i]});
      if (!(std::abs(c[i] - expected) <= error[i])) return false;
    }
    return true;
  }

 private:
  static std::size_t place(bool transposed, std::int64_t i, std::int64_t j, std::int64_t rows, std::int64_t cols) {
    return static_cast<std::size_t>(transposed ? j * rows + i : i * cols + j);
  }
};

Matrix gemm_of(const MatmulShape& s, const float* a, const float* b) {
  Matrix c(static_cast<std::size_t>(s.m * s.n), std::nanf(""));
  cpu::gemm(s, a, b, Sink<float>{c.data(), SinkMode::write});
  return c;
}

using Rows = void (*)(const MatmulShape&, const float*, const float*, Sink<float>, std::int64_t, std::int64_t);
Matrix rows_of(Rows rows, const Example& example) {
  Matrix c(example.exact.size(), std::nanf(""));
  rows(example.s, example.a.data(), example.b.data(), Sink<float>{c.data(), SinkMode::write}, 0, example.s.m);
  return c;
}

TEST_CASE("gemm: it, Eigen and plain loops agree with the exact product") {
  for (const std::int64_t m : {1, 2, 5, 6, 7, 13, 14, 15, 29}) {
    for (const std::int64_t k : {1, 3, 4, 9, 255, 257, 600}) {
      for (const std::int64_t n : {1, 3, 4, 8, 15, 16, 17, 33, 70}) {
        for (const int transposed : {0, 1, 2, 3}) {
          const Example example({m, k, n, (transposed & 1) != 0, (transposed & 2) != 0});
          CAPTURE(m);
          CAPTURE(k);
          CAPTURE(n);
          CAPTURE(transposed);
          CHECK(example.within(gemm_of(example.s, example.a.data(), example.b.data())));
          CHECK(example.within(rows_of(&cpu::eigen_rows<float>, example)));
          CHECK(example.within(rows_of(&cpu::plain_rows<float>, example)));
          Matrix sum = example.before;
          cpu::gemm(example.s, example.a.data(), example.b.data(), Sink<float>{sum.data(), SinkMode::add});
          CHECK(example.within(sum, example.before));
        }
      }
    }
  }
}

TEST_CASE("gemm: a product of nothing is zero, and an empty one is left alone") {
  const Matrix a(8, 1.f), b(12, 1.f);
  Matrix c(6, 5.f);
  cpu::gemm({2, 0, 3}, a.data(), b.data(), Sink<float>{c.data(), SinkMode::add});
  cpu::gemm({0, 4, 3}, a.data(), b.data(), Sink<float>{c.data(), SinkMode::write});
  cpu::gemm({2, 4, 0}, a.data(), b.data(), Sink<float>{c.data(), SinkMode::write});
  CHECK(c == Matrix(6, 5.f));
  cpu::gemm({2, 0, 3}, a.data(), b.data(), Sink<float>{c.data(), SinkMode::write});
  CHECK(c == Matrix(6, 0.f));
}

// Also more columns than a block of B holds, 1024 to 4096.
TEST_CASE("gemm: the bits of an element depend on its row and column alone") {
  constexpr std::int64_t m = 40, k = 500, n = 4500;
  const Matrix a = random_matrix(m * k, 4), b = random_matrix(k * n, 5);
  const Matrix whole = gemm_of({m, k, n, false, true}, a.data(), b.data());
  for (const std::int64_t rows : {1, 5, 17}) {
    for (const std::int64_t cols : {1, 8, 29, 1100}) {
      for (const std::int64_t at : {0, 3, 23}) {
        const Matrix part = gemm_of({rows, k, cols, false, true}, a.data() + at * k, b.data() + at * k);
        Matrix expected;
        for (std::int64_t i = at; i < at + rows; ++i)
          expected.insert(expected.end(), whole.begin() + i * n + at, whole.begin() + i * n + at + cols);
        CHECK_MESSAGE(same_bits(part, expected), rows, " rows and ", cols, " columns from ", at);
      }
    }
  }
}

TEST_CASE("gemm: any number of threads gives the same bits") {
  for (const MatmulShape& s : {MatmulShape{200, 300, 250}, MatmulShape{6, 700, 5000, true, true},
                               MatmulShape{128, 784, 256, false, true}, MatmulShape{256, 128, 784, true, false}}) {
    const Matrix a = random_matrix(s.m * s.k, 6), b = random_matrix(s.k * s.n, 7);
    const Matrix expected = gemm_of(s, a.data(), b.data());
    for (const int threads : {2, 3, 4, 7}) {
      wengert::set_threads(threads);
      const Matrix c = gemm_of(s, a.data(), b.data());
      wengert::set_threads(1);
      CHECK(same_bits(c, expected));
    }
  }
}

}  // namespace
