// Optimiser steps against the same rules in plain double code.
#include "kernels/ops/optimizer/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "kernels/ops/elementwise/scale.hpp"
#include "tests/support/closeness.hpp"

namespace {

using namespace wengert::kernels;
using wengert::testing::difference;

Stream stream{wengert::Device{}};

template <class T>
std::vector<T> random_numbers(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<T> x(n);
  for (T& value : x) value = static_cast<T>(static_cast<double>(generator() >> 40) * 0x1p-23 - 1);
  return x;
}

template <class T>
std::vector<double> in_double(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}

constexpr std::size_t n = 37;
constexpr int steps = 5;
template <class T>
constexpr double tolerance = 64 * static_cast<double>(std::numeric_limits<T>::epsilon());

TEST_CASE_TEMPLATE("optimizer: sgd with and without momentum and weight decay", T, float, double) {
  for (const SgdRule rule : {SgdRule{0, 0}, SgdRule{0, 0.01}, SgdRule{0.9, 0}, SgdRule{0.9, 0.1}}) {
    std::vector<T> p = random_numbers<T>(n, 1), v(n);
    std::vector<double> expected_p = in_double(p), expected_v(n);
    for (int step = 0; step < steps; ++step) {
      const std::vector<T> g = random_numbers<T>(n, 10 + static_cast<std::uint64_t>(step));
      const double lr = 0.1 / (step + 1);
      sgd(stream, rule, n, &lr, nullptr, g.data(), rule.momentum == 0 ? nullptr : v.data(), p.data());
      for (std::size_t i = 0; i < n; ++i) {
        expected_v[i] = rule.momentum * expected_v[i] + g[i] + rule.weight_decay * expected_p[i];
        expected_p[i] -= lr * expected_v[i];
      }
    }
    CHECK(difference(in_double(p), expected_p, tolerance<T>) == "");
    if (rule.momentum != 0) CHECK(difference(in_double(v), expected_v, tolerance<T>) == "");
  }
}

TEST_CASE_TEMPLATE("optimizer: adam with and without weight decay", T, float, double) {
  for (const AdamRule rule : {AdamRule{0.9, 0.999, 1e-8, 0}, AdamRule{0.8, 0.95, 1e-3, 0.1}}) {
    std::vector<T> p = random_numbers<T>(n, 1), m(n), v(n);
    std::vector<double> expected_p = in_double(p), expected_m(n), expected_v(n);
    std::int32_t t = 0;
    for (int step = 1; step <= steps; ++step) {
      const std::vector<T> gradients = random_numbers<T>(n, 10 + static_cast<std::uint64_t>(step));
      const double lr = 0.1 / step;
      count_step(stream, 1, nullptr, &t);
      adam(stream, rule, n, &lr, nullptr, &t, gradients.data(), m.data(), v.data(), p.data());
      for (std::size_t i = 0; i < n; ++i) {
        const double g = gradients[i] + rule.weight_decay * expected_p[i];
        expected_m[i] = rule.beta1 * expected_m[i] + (1 - rule.beta1) * g;
        expected_v[i] = rule.beta2 * expected_v[i] + (1 - rule.beta2) * g * g;
        const double mean = expected_m[i] / (1 - std::pow(rule.beta1, step));
        const double variance = expected_v[i] / (1 - std::pow(rule.beta2, step));
        expected_p[i] -= lr * mean / (std::sqrt(variance) + rule.eps);
      }
    }
    CHECK(t == steps);
    CHECK(difference(in_double(p), expected_p, tolerance<T>) == "");
    CHECK(difference(in_double(m), expected_m, tolerance<T>) == "");
    CHECK(difference(in_double(v), expected_v, tolerance<T>) == "");
  }
}

TEST_CASE_TEMPLATE("optimizer: parameters that are not finite stay out of a step without weight decay", T, float,
                   double) {
  const T inf = std::numeric_limits<T>::infinity(), g = 1;
  T p = inf, v = 0;
  const double lr = 0.5;
  sgd(stream, SgdRule{0.9, 0}, 1, &lr, nullptr, &g, &v, &p);
  CHECK(v == 1);
}

TEST_CASE_TEMPLATE("optimizer: where gradients stay 0 a moment ends at 0, not among the subnormal numbers", T, float,
                   double) {
  constexpr T least = std::numeric_limits<T>::min(), nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> g(5), before{T(1.2) * least, T(-1.2) * least, least, -least, nan};
  std::vector<T> p(5, T(1)), velocity = before, m = before, v(5, T(1));
  const double lr = 0.1;
  const std::int32_t t = 1;
  sgd(stream, SgdRule{0.9, 0}, 5, &lr, nullptr, g.data(), velocity.data(), p.data());
  adam(stream, AdamRule{0.9, 0.999, 1e-8, 0}, 5, &lr, nullptr, &t, g.data(), m.data(), v.data(), p.data());
  for (const std::vector<T>& moment : {velocity, m}) {
    CHECK(moment[0] > least);
    CHECK(moment[1] < -least);
    CHECK(moment[2] == 0);
    CHECK(moment[3] == 0);
    CHECK(std::isnan(moment[4]));
  }
}

TEST_CASE_TEMPLATE("optimizer: a raised stop flag writes nothing, a lowered one lets pass", T, float, double) {
  const std::vector<T> before = random_numbers<T>(n, 1), g = random_numbers<T>(n, 2);
  const double lr = 0.1;
  for (const std::int32_t stop : {1, 0}) {
    std::vector<T> p = before, m = before, v(n, T(1));
    std::vector<std::int32_t> t{3, 4};
    count_step(stream, 2, &stop, t.data());
    CHECK((t == std::vector<std::int32_t>{3, 4}) == (stop == 1));
    CHECK((t == std::vector<std::int32_t>{4, 5}) == (stop == 0));
    adam(stream, AdamRule{0.9, 0.999, 1e-8, 0}, n, &lr, &stop, t.data(), g.data(), m.data(), v.data(), p.data());
    CHECK((p == before && m == before && v == std::vector<T>(n, T(1))) == (stop == 1));
    p = m = before;
    sgd(stream, SgdRule{0.9, 0}, n, &lr, &stop, g.data(), m.data(), p.data());
    CHECK((p == before && m == before) == (stop == 1));
  }
}

TEST_CASE_TEMPLATE("optimizer: anything not finite raises the flag, and only that", T, float, double) {
  using Limits = std::numeric_limits<T>;
  std::vector<T> x{Limits::max(), -Limits::max(), Limits::denorm_min(), T(0)};
  std::int32_t flag = 0;
  flag_nonfinite(stream, 4, x.data(), &flag);
  CHECK(flag == 0);
  for (const T bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
    for (std::size_t place = 0; place < x.size(); ++place) {
      std::vector<T> spoilt = x;
      spoilt[place] = bad;
      flag = 0;
      flag_nonfinite(stream, 4, spoilt.data(), &flag);
      CHECK(flag == 1);
    }
  }
  flag_nonfinite(stream, 4, x.data(), &flag);
  CHECK(flag == 1);  // never lowered
}

TEST_CASE_TEMPLATE("optimizer: clipping by the norm over several tensors", T, float, double) {
  std::vector<T> a{3, 0}, b{0, -4, 12};  // norm 13
  std::vector<T> sums(2);
  sum_squares(stream, 2, a.data(), &sums[0]);
  sum_squares(stream, 3, b.data(), &sums[1]);
  CHECK(sums == std::vector<T>{9, 160});
  T norm = 0, factor = 0;
  clip_factor(stream, 2, sums.data(), 20, &norm, &factor);
  CHECK(norm == 13);
  CHECK(factor == 1);
  clip_factor(stream, 2, sums.data(), 1, &norm, &factor);
  CHECK(static_cast<double>(factor) == doctest::Approx(1 / (13 + 1e-6)).epsilon(tolerance<T>));
  scale(stream, 3, &factor, b.data(), written(b.data()));
  CHECK(b[1] == T(-4) * factor);
  CHECK(b[2] == T(12) * factor);
  sums[0] = std::numeric_limits<T>::quiet_NaN();
  clip_factor(stream, 2, sums.data(), 1, &norm, &factor);
  CHECK(std::isnan(norm));
  CHECK(std::isnan(factor));
}

}  // namespace
