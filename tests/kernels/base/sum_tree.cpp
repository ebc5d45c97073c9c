// The fixed tree in its three implementations: the definition, rows, columns.
#include "kernels/base/sum_tree.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/base/math.hpp"
#include "kernels/cpu/column_sums.hpp"

namespace {

namespace sum_tree = wengert::kernels::sum_tree;
namespace math = wengert::kernels::math;

constexpr std::int64_t sizes[] = {0,  1,  2,  3,   4,   5,   7,   8,    9,    16,   17,
                                  33, 64, 65, 127, 128, 129, 255, 4095, 4096, 4097, 100000};

/// Scattered over a few powers of 2 and both signs, so that another order of additions would show.
template <class T>
T sample(std::int64_t i) {
  const std::uint32_t word = static_cast<std::uint32_t>(i) * 2654435761u;
  return static_cast<T>(static_cast<std::int32_t>(word ^ word >> 15)) * (word >> 29 > 3 ? T(0x1p-20) : T(0x1p-29));
}

template <class T>
std::vector<T> samples(std::int64_t n) {
  std::vector<T> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(sample<T>(i));
  return x;
}

template <class T>
T defined(const std::vector<T>& x, std::size_t first = 0, std::size_t step = 1) {
  sum_tree::Accumulator<T> sum;
  for (std::size_t i = first; i < x.size(); i += step) sum.add({x[i]});
  return sum.total()[0];
}

template <class T>
T by_rows(const std::vector<T>& x) {
  return sum_tree::sum<T>(static_cast<std::int64_t>(x.size()), sum_tree::Stored<T>{x.data()});
}

template <class T>
std::vector<T> by_columns(const std::vector<T>& x, std::int64_t cols) {
  std::vector<T> sums(static_cast<std::size_t>(cols), T(99));
  wengert::kernels::cpu::column_sums<T>(
      x.data(), static_cast<std::int64_t>(x.size()) / cols, cols, cols,
      [&](std::int64_t column, T sum) { sums[static_cast<std::size_t>(column)] = sum; });
  return sums;
}

TEST_CASE_TEMPLATE("sum_tree: rows and a single column agree with the definition to the bit", T, float, double) {
  for (const std::int64_t n : sizes) {
    CAPTURE(n);
    const std::vector<T> x = samples<T>(n);
    const auto expected = math::bits(defined(x));
    CHECK(math::bits(by_rows(x)) == expected);
    CHECK(math::bits(by_columns(x, 1)[0]) == expected);
  }
}

TEST_CASE("sum_tree: many columns agree with the definition to the bit") {
  for (const std::int64_t cols : {2, 31, 32, 33, 70}) {
    for (const std::int64_t rows : sizes) {
      if (rows > 5000) continue;
      const std::vector<float> x = samples<float>(rows * cols);
      const std::vector<float> sums = by_columns(x, cols);
      bool same = true;
      for (std::size_t c = 0; c < sums.size(); ++c)
        same &= math::bits(sums[c]) == math::bits(defined(x, c, sums.size()));
      CHECK_MESSAGE(same, rows, " rows, ", cols, " columns");
    }
  }
}

TEST_CASE("sum_tree: three levels of blocks agree with the definition to the bit") {
  const std::vector<float> x = samples<float>(sum_tree::block * sum_tree::block + 12345);
  const auto expected = math::bits(defined(x));
  CHECK(math::bits(by_rows(x)) == expected);
  CHECK(math::bits(by_columns(x, 1)[0]) == expected);
}

TEST_CASE("sum_tree: sums side by side are those of each alone") {
  for (const std::int64_t rows : sizes) {
    if (rows > 5000) continue;
    const std::vector<float> x = samples<float>(rows * 3);
    sum_tree::Accumulator<float, 3> sums;
    for (std::size_t i = 0; i < x.size(); i += 3) sums.add({x[i], x[i + 1], x[i + 2]});
    const auto totals = sums.total();
    for (std::size_t w = 0; w < 3; ++w) CHECK(math::bits(totals[w]) == math::bits(defined(x, w, 3)));
  }
}

// The three implementations could share a mistake.
TEST_CASE("sum_tree: sums are right, within the bound that the tree is for") {
  for (const std::int64_t n : sizes) {
    CAPTURE(n);
    long double exact = 0, size = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      exact += sample<float>(i);
      size += std::abs(sample<float>(i));
    }
    const double levels = n > sum_tree::block ? 2 : 1;
    CHECK(std::abs(by_rows(samples<float>(n)) - exact) <=
          levels * 38 * std::numeric_limits<float>::epsilon() / 2 * size);
    const std::vector<double> ones(static_cast<std::size_t>(n), 1.0);
    CHECK(by_rows(ones) == static_cast<double>(n));
  }
}

// By the text at the top of sum_tree.hpp: 130 elements, of which lanes 0 and 1 get two each.
TEST_CASE("sum_tree: the order of additions is the documented one") {
  std::vector<float> x = samples<float>(130);
  const float expected = by_rows(x);
  x[0] += x[128];
  x[1] += x[129];
  for (std::size_t step = 64; step > 0; step /= 2) {
    for (std::size_t l = 0; l < step; ++l) x[l] += x[l + step];
  }
  CHECK(math::bits(expected) == math::bits(x[0]));
}

TEST_CASE("sum_tree: the sum of negative zeros is one, that of nothing is not") {
  for (const std::int64_t n : sizes) {
    CAPTURE(n);
    const std::vector<float> x(static_cast<std::size_t>(n), -0.0f);
    const auto expected = n == 0 ? 0 : math::sign_bit<float>;
    CHECK(math::bits(by_rows(x)) == expected);
    CHECK(math::bits(by_columns(x, 1)[0]) == expected);
    CHECK(math::bits(defined(x)) == expected);
  }
}

}  // namespace
