// The elementary functions of kernels/base/math.hpp, as the kernels run them, at every float32 of a range, beside libm's
// results in double: the bounds that the header states.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <future>
#include <limits>

#include "kernels/base/math.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"

namespace {

using namespace wengert::kernels;

constexpr std::int64_t batch = 1024;
using Batch = std::array<float, batch>;

#ifdef NDEBUG
constexpr std::uint32_t every = 1;
#else
constexpr std::uint32_t every = 499;  // a build for debugging takes too long over all of them
#endif

/// How far `got` is from the exact result, in units in the last place of a float32 of that size.
double ulps(float got, double exact) {
  const int exponent = std::max(static_cast<int>(math::bits(exact) >> 52 & 0x7ff) - 1023, -126);
  return std::abs(got - exact) * math::from_bits<double>(static_cast<std::uint64_t>(1023 + 23 - exponent) << 52);
}

/// check(x) for batches of the numbers from least to greatest in size, which have the same sign; on two threads. The
/// greatest result.
template <class Check>
double worst(float least, float greatest, std::uint32_t step, const Check& check) {
  const std::uint32_t first = math::bits(least), count = (math::bits(greatest) - first) / step + 1;
  const auto part = [&](std::uint32_t begin, std::uint32_t end) {
    double result = 0;
    Batch x;
    for (std::uint32_t i = begin; i < end; i += batch) {
      for (std::uint32_t j = 0; j < batch; ++j) x[j] = math::from_bits<float>(first + std::min(i + j, end - 1) * step);
      result = std::max(result, check(x));
    }
    return result;
  };
  auto half = std::async(std::launch::async, part, 0, count / 2);
  const double other = part(count / 2, count);
  return std::max(half.get(), other);
}

/// The greatest error over every number of a range; and over some of those that are nearer to 0, down to 0 itself.
template <class F, class Exact>
double worst_error(float least, float greatest, const F& f, const Exact& exact) {
  const auto error = [&](const Batch& x) {
    Batch y;
    f(x, y);
    double result = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double here = ulps(y[i], exact(double{x[i]}));
      result = here <= result ? result : here;  // NaN counts
    }
    return result;
  };
  const double nearer = worst(std::copysign(0.f, least), least, 997, error), all = worst(least, greatest, every, error);
  return nearer <= all ? all : nearer;
}

template <class Op>
auto kernel(Op op) {
  return [op](const Batch& x, Batch& y) {
    Stream stream{wengert::Device{}};
    unary(stream, op, batch, x.data(), y.data());
  };
}

TEST_CASE("every float32: exp is within 1.1 ulp") {
  const auto exact = [](double x) { return std::exp(x); };
  CHECK(worst_error(0x1p-6f, 88.7228f, kernel(Exp{}), exact) <= 1.1);
  CHECK(worst_error(-0x1p-6f, -104.f, kernel(Exp{}), exact) <= 1.1);
}

TEST_CASE("every float32: exp_nonpositive has the bits of exp") {
  const auto differs = [](const Batch& x) {
    double count = 0;
    for (const float value : x) count += math::bits(math::exp_nonpositive(value)) != math::bits(math::exp(value));
    return count;
  };
  CHECK(worst(-0x1p-6f, -104.f, every, differs) == 0);
  CHECK(worst(-0.f, -std::numeric_limits<float>::infinity(), 997, differs) == 0);
}

TEST_CASE("every float32: log is within 1 ulp") {
  const auto exact = [](double x) { return std::log(x); };
  CHECK(worst_error(0.25f, 4.f, kernel(Log{}), exact) <= 1);
}

TEST_CASE("every float32: log1p is within 1.5 ulp") {
  const auto log1p = [](const Batch& x, Batch& y) {
    std::transform(x.begin(), x.end(), y.begin(), [](float value) { return math::log1p(value); });
  };
  CHECK(worst_error(0x1p-10f, 1.f, log1p, [](double x) { return std::log1p(x); }) <= 1.5);
}

TEST_CASE("every float32: tanh is within 2.5 ulp") {
  const auto exact = [](double x) { return std::tanh(x); };
  CHECK(worst_error(0x1p-10f, 16.f, kernel(Tanh{}), exact) <= 2.5);
  CHECK(worst_error(-8.f, -16.f, kernel(Tanh{}), exact) <= 2.5);  // the sign is copied: the rest is the same
}

TEST_CASE("every float32: sigmoid is within 2.5 ulp where it is not tiny") {
  const auto exact = [](double x) { return 1 / (1 + std::exp(-x)); };
  CHECK(worst_error(0x1p-6f, 104.f, kernel(Sigmoid{}), exact) <= 2.5);
  CHECK(worst_error(-0x1p-6f, -88.f, kernel(Sigmoid{}), exact) <= 2.5);
}

}  // namespace
