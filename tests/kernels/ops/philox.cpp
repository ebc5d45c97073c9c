// Random numbers: the generator's published answers, and the fills made of it.
#include "kernels/ops/random/philox.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "kernels/base/parallel.hpp"

namespace {

using wengert::Device;
using wengert::kernels::philox;
using wengert::kernels::random_normal;
using wengert::kernels::random_uniform;
using wengert::kernels::Stream;

using State = std::array<std::int32_t, 4>;

struct Uniform {
  template <class T>
  static std::vector<T> draw(std::int64_t n, State& state, double low = 0, double high = 1) {
    Stream stream{Device{}};
    std::vector<T> x(static_cast<std::size_t>(n), T(99));
    random_uniform(stream, n, low, high, state.data(), x.data());
    return x;
  }
};
struct Normal {
  template <class T>
  static std::vector<T> draw(std::int64_t n, State& state, double mean = 0, double stddev = 1) {
    Stream stream{Device{}};
    std::vector<T> x(static_cast<std::size_t>(n), T(99));
    random_normal(stream, n, mean, stddev, state.data(), x.data());
    return x;
  }
};

/// The mean of the k-th powers about `center`.
template <class T>
double moment(const std::vector<T>& x, int k, double center = 0) {
  const auto add = [=](double sum, T value) { return sum + std::pow(static_cast<double>(value) - center, k); };
  return std::accumulate(x.begin(), x.end(), 0.0, add) / static_cast<double>(x.size());
}

// kat_vectors of Random123, the generator's authors' library.
TEST_CASE("philox: the known answers") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox: elements come from the documented words") {
  const auto words = philox({7, 1, 0, 0}, {5, 0xffffffff});
  const auto next = philox({8, 1, 0, 0}, {5, 0xffffffff});
  State state{5, -1, 7, 1};
  const std::vector<float> x = Uniform::draw<float>(6, state);
  for (std::size_t i = 0; i < 4; ++i) CHECK(x[i] == static_cast<float>(words[i] >> 8) * 0x1p-24f);
  CHECK(x[5] == static_cast<float>(next[1] >> 8) * 0x1p-24f);
  CHECK(state == State{5, -1, 9, 1});

  state = {5, -1, 7, 1};
  const std::vector<double> y = Uniform::draw<double>(3, state);
  const auto unit = [](std::uint64_t high, std::uint64_t low) {
    return static_cast<double>((high << 32 | low) >> 11) * 0x1p-53;
  };
  CHECK(y[0] == unit(words[0], words[1]));
  CHECK(y[1] == unit(words[2], words[3]));
  CHECK(y[2] == unit(next[0], next[1]));
  CHECK(state == State{5, -1, 9, 1});

  state = {5, -1, 7, 1};
  const std::vector<double> z = Normal::draw<double>(3, state, 10, 2);
  const double radius = std::sqrt(-2 * std::log((words[2] + 1.0) * 0x1p-32));
  CHECK(z[1] == doctest::Approx(10 + 2 * radius * std::cos(6.283185307179586 * words[3] * 0x1p-32)).epsilon(1e-14));
  CHECK(state == State{5, -1, 9, 1});
}

TEST_CASE("philox: the counter carries into its high word") {
  State state{1, 2, -2, 0};
  Uniform::draw<float>(12, state);
  CHECK(state == State{1, 2, 1, 1});
}

template <class Numbers>
void check_continuation() {
  State parts{3, 4, 5, 6}, whole = parts;
  std::vector<float> joined = Numbers::template draw<float>(8, parts);
  Numbers::template draw<float>(0, parts);  // moves nothing on
  const std::vector<float> rest = Numbers::template draw<float>(92, parts);
  joined.insert(joined.end(), rest.begin(), rest.end());
  CHECK(joined == Numbers::template draw<float>(100, whole));
  CHECK(parts == whole);
  CHECK(joined != Numbers::template draw<float>(100, whole));
}

TEST_CASE("philox: consecutive fills continue one sequence") {
  check_continuation<Uniform>();
  check_continuation<Normal>();
}

TEST_CASE_TEMPLATE("philox: uniform numbers fill their range evenly", T, float, double) {
  State state{42, 0, 0, 0};
  const std::vector<T> x = Uniform::draw<T>(200000, state, -1, 3);
  CHECK(*std::min_element(x.begin(), x.end()) >= -1);
  CHECK(*std::min_element(x.begin(), x.end()) < T(-0.999));
  CHECK(*std::max_element(x.begin(), x.end()) > T(2.999));
  CHECK(*std::max_element(x.begin(), x.end()) <= 3);
  // Within five standard deviations of the estimates.
  CHECK(std::abs(moment(x, 1) - 1) < 0.013);
  CHECK(std::abs(moment(x, 2, 1) - 16. / 12) < 0.014);
  CHECK(std::abs(moment(x, 4, 1) - 16. / 5) < 0.048);
}

TEST_CASE_TEMPLATE("philox: normal numbers have a normal's moments, and neighbours do not depend on each other", T,
                   float, double) {
  State state{42, 0, 0, 0};
  const std::vector<T> x = Normal::draw<T>(200000, state, 2, 3);
  CHECK(std::abs(moment(x, 1, 2)) < 0.034);
  CHECK(std::abs(moment(x, 2, 2) - 9) < 0.15);
  CHECK(std::abs(moment(x, 3, 2)) < 1.2);
  CHECK(std::abs(moment(x, 4, 2) - 243) < 9);
  for (const std::size_t lag : {1, 2, 4}) {
    double covariance = 0;
    for (std::size_t i = lag; i < x.size(); ++i) covariance += static_cast<double>((x[i] - 2) * (x[i - lag] - 2));
    CHECK(std::abs(covariance / static_cast<double>(x.size())) < 0.11);
  }
}

template <class Numbers>
void check_threads() {
  State alone{8, 0, 0, 0}, shared = alone;
  const std::vector<float> x = Numbers::template draw<float>(50001, alone);
  wengert::set_threads(3);
  const std::vector<float> y = Numbers::template draw<float>(50001, shared);
  wengert::set_threads(1);
  CHECK(x == y);
  CHECK(alone == shared);
}

TEST_CASE("philox: one and three threads draw the same numbers") {
  check_threads<Uniform>();
  check_threads<Normal>();
}

}  // namespace
