// Softmax cross-entropy, held to its definition element by element: short rows and long ones go different ways.
#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"

namespace {

using namespace wengert::kernels;

template <class T>
std::vector<T> logits(std::int64_t n) {
  std::mt19937 generator(7);
  std::vector<T> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<T>(generator() % 2001) / T(100) - T(10));
  return x;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](T p, T q) { return math::bits(p) == math::bits(q); });
}

/// x (rows, cols) with labels, and what follows from them one element after another.
template <class T>
struct Example {
  Rows s;
  std::vector<T> x = logits<T>(s.rows * s.cols), dx;
  T loss;
  std::vector<std::int32_t> labels;

  explicit Example(Rows shape) : s(shape) {
    sum_tree::Accumulator<T> losses;
    for (std::int64_t r = 0; r < s.rows; ++r) {
      labels.push_back(static_cast<std::int32_t>(r * 5 % s.cols));
      const T* const row = x.data() + r * s.cols;
      const T highest = *std::max_element(row, row + s.cols);
      sum_tree::Accumulator<T> sum;
      for (std::int64_t c = 0; c < s.cols; ++c) sum.add({math::exp(row[c] - highest)});
      const T total = sum.total()[0];
      losses.add({highest + math::log(total) - row[labels.back()]});
      for (std::int64_t c = 0; c < s.cols; ++c) {
        const T share = T(1) / static_cast<T>(s.rows), softmax = math::exp(row[c] - highest) * (share / total);
        dx.push_back(softmax - (c == labels.back() ? share : T(0)));
      }
    }
    loss = losses.total()[0] / static_cast<T>(s.rows);
  }
};

TEST_CASE_TEMPLATE("cross_entropy: short and long rows have the bits of the definition", T, float, double) {
  Stream stream{wengert::Device{}};
  for (const std::int64_t cols : {1, 2, 3, 4, 5, 8, 10, 17, 64, 65, 127, 128, 129, 300, 5000}) {
    for (const std::int64_t rows : {1, 3, 4, 31, 32, 33, 70, 1100}) {
      if (rows * cols > 200000) continue;
      const Example<T> expected({rows, cols});
      std::vector<T> dx(expected.dx.size());
      T loss = 0, alone = 0;
      cross_entropy(stream, expected.s, expected.x.data(), expected.labels.data(), &loss, dx.data());
      cross_entropy<T>(stream, expected.s, expected.x.data(), expected.labels.data(), &alone, nullptr);
      CHECK_MESSAGE(math::bits(loss) == math::bits(expected.loss), rows, " rows, ", cols, " columns");
      CHECK(math::bits(alone) == math::bits(loss));
      CHECK_MESSAGE(same_bits(dx, expected.dx), rows, " rows, ", cols, " columns");
    }
  }
}

}  // namespace
