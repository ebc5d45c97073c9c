// The mathematical functions and intrinsics, against double, with the bounds that CUDA's documentation states.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <simt.hpp>

namespace {

/// Of the float next to x, downwards in size.
double ulp(double x) {
  const int exponent = std::max(std::ilogb(x), -126);
  return std::ldexp(1.0, exponent - 23);
}

struct Range {
  double from, to;
};

/// The greatest error(x), a share of what is allowed, over floats spread evenly over the range.
template <class Error>
double greatest(Range range, const Error& error) {
  constexpr int steps = 20000;
  double result = 0;
  for (int i = 0; i <= steps; ++i) {
    const auto x = static_cast<float>(range.from + (range.to - range.from) * i / steps);
    const double found = error(x);
    result = found <= result ? result : found;  // NaN stays
  }
  return result;
}

TEST_CASE("math: __expf and __exp10f err by what is documented, and by no less") {
  const auto base_e = [](float x) {
    const double exact = std::exp(double{x});
    return std::abs(__expf(x) - exact) / ulp(exact) / (2 + std::floor(std::abs(1.173 * x)));
  };
  const auto base_10 = [](float x) {
    const double exact = std::pow(10.0, double{x});
    return std::abs(__exp10f(x) - exact) / ulp(exact) / (2 + std::floor(std::abs(2.97 * x)));
  };
  CHECK(greatest({-87, 88}, base_e) <= 1);
  CHECK(greatest({-87, 88}, base_e) > 0.5);
  CHECK(greatest({-37, 38}, base_10) <= 1);
  CHECK(greatest({-37, 38}, base_10) > 0.5);
}

TEST_CASE("math: __log2f, __logf and __log10f") {
  const auto near_1 = [](float (*f)(float), double (*exact)(double), double bound) {
    return greatest({0.5, 2}, [&](float x) { return std::abs(f(x) - exact(x)) / bound; });
  };
  const auto elsewhere = [](float (*f)(float), double (*exact)(double), double ulps) {
    const auto error = [&](float x) { return std::abs(f(x) - exact(x)) / ulp(exact(x)) / ulps; };
    return std::max(greatest({2.001, 1e6}, error), greatest({1e-6, 0.499}, error));
  };
  CHECK(near_1(__log2f, std::log2, 0x1p-22) <= 1);
  CHECK(elsewhere(__log2f, std::log2, 2) <= 1);
  CHECK(near_1(__logf, std::log, std::exp2(-21.41)) <= 1);
  CHECK(elsewhere(__logf, std::log, 3) <= 1);
  CHECK(near_1(__log10f, std::log10, 0x1p-24) <= 1);
  CHECK(elsewhere(__log10f, std::log10, 3) <= 1);
}

TEST_CASE("math: __sinf and __cosf are right within a turn, and worse far from it") {
  const auto sine = [](float x) { return std::abs(__sinf(x) - std::sin(double{x})); };
  const auto cosine = [](float x) { return std::abs(__cosf(x) - std::cos(double{x})); };
  const Range turn{-std::numbers::pi, std::numbers::pi};
  CHECK(greatest(turn, sine) <= std::exp2(-21.41));
  CHECK(greatest(turn, sine) > 0x1p-24);
  CHECK(greatest(turn, cosine) <= std::exp2(-21.19));
  CHECK(greatest({1e5, 1e5 + 100}, sine) > 1e-3);
  CHECK(greatest({-100, 100}, [](float x) {
          float s = 0, c = 0;
          __sincosf(x, &s, &c);
          return std::abs(s - __sinf(x)) + std::abs(c - __cosf(x));
        }) == 0);
}

TEST_CASE("math: __fdividef gives up where the divisor's reciprocal underflows") {
  for (const float y : {0x1p-126f, 3.0f, 7e20f, 0x1p126f}) {
    const double exact = 3 / double{y};
    CHECK(std::abs(__fdividef(3, y) - exact) <= 2 * ulp(exact));
  }
  CHECK(__fdividef(0x1p127f, 0x1.8p126f) == 0);
  CHECK(std::isnan(__fdividef(INFINITY, 0x1.8p126f)));
  CHECK(__fdividef(1, INFINITY) == 0);
  CHECK(std::isinf(__fdividef(1, 0)));
}

TEST_CASE("math: __frsqrt_rn is rounded correctly") {
  // 1/sqrt(x) lies between the middles of the two gaps beside it: in integers as wide as long double is exact.
  const auto above = [](float x, double middle) {
    const long double square = static_cast<long double>(middle) * static_cast<long double>(middle);
    return square * static_cast<long double>(x) >= 1;
  };
  bool right = true;
  for (float x = 1; x < 4; x += 0x1p-12f) {
    const float y = __frsqrt_rn(x);
    right &= above(x, (double{y} + double{std::nextafter(y, 2.0f)}) / 2);
    right &= !above(x, (double{y} + double{std::nextafter(y, 0.0f)}) / 2);
  }
  CHECK(right);
}

TEST_CASE("math: sines and cosines of multiples of pi are exact where they can be") {
  CHECK(sinpif(0.5f) == 1);
  CHECK(sinpif(-1) == 0);
  CHECK(sinpi(1e15 + 0.5) == 1);
  CHECK(cospif(0.5f) == 0);
  CHECK(cospif(1) == -1);
  CHECK(cospi(2) == 1);
  CHECK(greatest({-5, 5}, [](float x) {
          return std::abs(sinpi(x) - std::sin(std::numbers::pi * x)) +
                 std::abs(cospi(x) - std::cos(std::numbers::pi * x));
        }) < 1e-14);
}

TEST_CASE("math: what the C library lacks") {
  CHECK(rsqrtf(4) == 0.5f);
  CHECK(rcbrtf(27) == 1 / 3.0f);
  CHECK(rhypotf(3, 4) == 0.2f);
  CHECK(norm3df(2, 3, 6) == 7);
  CHECK(normcdff(0) == 0.5f);
  CHECK(normcdf(1.959963984540054) == doctest::Approx(0.975).epsilon(1e-12));
  CHECK(__saturatef(1.5f) == 1);
  CHECK(__saturatef(-1) == 0);
  CHECK(__saturatef(NAN) == 0);
}

TEST_CASE("math: min and max take operands of two types, and the number where the other is NaN") {
  CHECK(min(3, 2.5) == 2.5);
  CHECK(max(3u, 7u) == 7);
  CHECK(max(-1, 2LL) == 2);
  CHECK(min(NAN, 1.0f) == 1);
  CHECK(max(1.0f, NAN) == 1);
}

}  // namespace
