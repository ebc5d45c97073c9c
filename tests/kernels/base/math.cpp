// The elementary functions against libm's in long double, and the bounds that kernels/base/math.hpp states.
#include "kernels/base/math.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <type_traits>

namespace {

namespace math = wengert::kernels::math;

/// How far `got` is from the exact result, in units in the last place of the latter.
template <class T>
double ulps(T got, long double exact) {
  using Limits = std::numeric_limits<T>;
  const T rounded = static_cast<T>(exact);
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : Limits::infinity();
  const int exponent = exact == 0 ? Limits::min_exponent : std::max(std::ilogb(exact) + 1, Limits::min_exponent);
  return static_cast<double>(std::abs(static_cast<long double>(got) - exact) /
                             std::ldexp(1.0L, exponent - Limits::digits));
}

/// check(x) for x over [low, high], evenly by value and evenly by exponent.
template <class T, class Check>
void sweep(T low, T high, const Check& check) {
  std::mt19937_64 generator(3);
  const auto unit = [&] { return static_cast<T>(static_cast<double>(generator() >> 11) * 0x1p-53); };
  for (const T x : {low, high}) check(x);
  for (int i = 0; i < 100000; ++i) {
    check(std::min(high, low + (high - low) * unit()));
    const T x =
        std::ldexp(low < 0 && (i & 1) != 0 ? low : high, -static_cast<int>(generator() % 40)) * (1 - unit() / 2);
    if (x >= low && x <= high) check(x);
  }
}

/// The greatest error of f over [low, high].
template <class T, class F, class Exact>
double worst(T low, T high, const F& f, const Exact& exact) {
  double result = 0;
  sweep(low, high, [&](T x) { result = std::max(result, ulps(f(x), exact(static_cast<long double>(x)))); });
  return result;
}

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();

TEST_CASE_TEMPLATE("math: exp is within 1.1 ulp, denormals and both ends included", T, float, double) {
  const T low = sizeof(T) == 4 ? T(-110) : T(-760), high = sizeof(T) == 4 ? T(95) : T(720);
  CHECK(worst(
            low, high, [](T x) { return math::exp(x); }, [](long double x) { return std::exp(x); }) <= 1.1);
  CHECK(math::exp(-infinity<T>) == 0);
  CHECK(math::exp(infinity<T>) == infinity<T>);
  CHECK(math::exp(T(0)) == 1);
  CHECK(std::isnan(math::exp(nan<T>)));
}

TEST_CASE_TEMPLATE("math: tanh is within 2.5 ulp and keeps the sign of 0", T, float, double) {
  CHECK(worst(
            T(-30), T(30), [](T x) { return math::tanh(x); }, [](long double x) { return std::tanh(x); }) <= 2.5);
  CHECK(worst(
            T(-1), T(1), [](T x) { return math::tanh(x); }, [](long double x) { return std::tanh(x); }) <= 2.5);
  CHECK(math::tanh(infinity<T>) == 1);
  CHECK(math::tanh(-infinity<T>) == -1);
  CHECK(math::bits(math::tanh(T(-0.0))) == math::sign_bit<T>);
  CHECK(math::bits(math::tanh(T(0))) == 0);
  CHECK(std::isnan(math::tanh(nan<T>)));
}

TEST_CASE_TEMPLATE("math: sigmoid is within 2.5 ulp, and 0 where e^-x overflows", T, float, double) {
  const auto sigmoid = [](T x) { return math::sigmoid(x); };
  const auto exact = [](long double x) { return 1 / (1 + std::exp(-x)); };
  CHECK(worst(sizeof(T) == 4 ? T(-88) : T(-708), T(800), sigmoid, exact) <= 2.5);
  CHECK(worst(T(-20), T(20), sigmoid, exact) <= 2.5);
  CHECK(math::sigmoid(T(-1000)) == 0);
  CHECK(math::sigmoid(-infinity<T>) == 0);
  CHECK(math::sigmoid(infinity<T>) == 1);
  CHECK(math::sigmoid(T(0)) == T(0.5));
  CHECK(std::isnan(math::sigmoid(nan<T>)));
}

TEST_CASE_TEMPLATE("math: exp_nonpositive has the bits of exp", T, float, double) {
  bool same = true;
  sweep(T(-800), T(0), [&](T x) { same &= math::bits(math::exp_nonpositive(x)) == math::bits(math::exp(x)); });
  CHECK(same);
  CHECK(math::exp_nonpositive(-infinity<T>) == 0);
  CHECK(math::exp_nonpositive(T(0)) == 1);
  CHECK(math::exp_nonpositive(T(-0.0)) == 1);
  CHECK(std::isnan(math::exp_nonpositive(nan<T>)));
}

TEST_CASE_TEMPLATE("math: log is within 1 ulp, denormals included", T, float, double) {
  using Limits = std::numeric_limits<T>;
  const auto log = [](T x) { return math::log(x); };
  const auto exact = [](long double x) { return std::log(x); };
  CHECK(worst(T(0.5), T(2), log, exact) <= 1);
  CHECK(worst(T(0.999), T(1.001), log, exact) <= 1);
  CHECK(worst(Limits::denorm_min(), Limits::min(), log, exact) <= 1);
  CHECK(worst(T(1e-30), T(1e30), log, exact) <= 1);
  CHECK(worst(T(1), Limits::max(), log, exact) <= 1);
  CHECK(math::bits(math::log(T(1))) == 0);
  CHECK(math::log(T(0)) == -infinity<T>);
  CHECK(math::log(T(-0.0)) == -infinity<T>);
  CHECK(math::log(infinity<T>) == infinity<T>);
  CHECK(std::isnan(math::log(T(-1))));
  CHECK(std::isnan(math::log(-infinity<T>)));
  CHECK(std::isnan(math::log(nan<T>)));
}

TEST_CASE_TEMPLATE("math: log1p is within 1.5 ulp on its interval", T, float, double) {
  CHECK(worst(
            T(0), T(1), [](T x) { return math::log1p(x); }, [](long double x) { return std::log1p(x); }) <= 1.5);
  CHECK(math::log1p(T(0)) == 0);
  CHECK(std::isnan(math::log1p(nan<T>)));
}

TEST_CASE_TEMPLATE("math: pow by products and roots agrees with libm", T, float, double) {
  for (const double exponent : {2., 3., 0.5, -1., 1., 0., 2.5, -0.7}) {
    const auto power = [=](T x) { return math::pow(x, exponent); };
    const auto exact = [=](long double x) { return std::pow(x, static_cast<long double>(static_cast<T>(exponent))); };
    CHECK(worst(T(0.01), T(100), power, exact) <= 1.5);
  }
  CHECK(math::pow(nan<T>, 0) == 1);
  CHECK(std::isnan(math::pow(nan<T>, 2)));
  CHECK(math::pow(T(0), -1) == infinity<T>);
}

TEST_CASE("math: cosine and sine of turns are within 2 ulp and exact at quarter turns") {
  // The long double argument 2 pi u is itself rounded, which near a zero of the function would count as an error of it:
  // the reference reduces to an eighth of a turn first, where u minus a quarter turn is exact.
  constexpr long double two_pi = 6.283185307179586476925286766559L;
  double worst_cos = 0, worst_sin = 0;
  sweep(0.0, 1.0, [&](double u) {
    const int quarter = static_cast<int>(std::nearbyint(4 * u));
    const long double angle = two_pi * (static_cast<long double>(u) - 0.25L * quarter);
    const long double c = std::cos(angle), s = std::sin(angle);
    const long double cosines[] = {c, -s, -c, s}, sines[] = {s, c, -s, -c};
    const auto [cos, sin] = math::cos_sin_turns(u);
    worst_cos = std::max(worst_cos, ulps(cos, cosines[quarter % 4]));
    worst_sin = std::max(worst_sin, ulps(sin, sines[quarter % 4]));
  });
  CHECK(worst_cos <= 2);
  CHECK(worst_sin <= 2);
  for (const int quarter : {0, 1, 2, 3, 4}) {
    const auto [cos, sin] = math::cos_sin_turns(0.25 * quarter);
    CHECK(cos == (quarter % 2 == 1 ? 0 : quarter == 2 ? -1 : 1));
    CHECK(sin == (quarter % 2 == 0 ? 0 : quarter == 3 ? -1 : 1));
  }
}

TEST_CASE("math: integer powers are products") {
  for (const double x : {0.9, 0.999, 1.5, -2.0, 0.0}) {
    for (const int n : {0, 1, 2, 3, 10, 31, 1000}) {
      CHECK(ulps(math::integer_power(x, n), std::pow(static_cast<long double>(x), n)) <= n);
    }
  }
}

TEST_CASE_TEMPLATE("math: sign and abs", T, float, double) {
  CHECK(math::sign(T(3)) == 1);
  CHECK(math::sign(T(-3)) == -1);
  CHECK(math::sign(T(0)) == 0);
  CHECK(math::sign(T(-0.0)) == 0);
  CHECK(std::isnan(math::sign(nan<T>)));
  CHECK(math::abs(-infinity<T>) == infinity<T>);
  CHECK(math::bits(math::abs(T(-0.0))) == 0);
  CHECK(std::isnan(math::abs(-nan<T>)));
}

}  // namespace
