// What int32 tensors do, and the moves between element types.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "kernels/ops/elementwise/elementwise.hpp"
#include "kernels/ops/layout/layout.hpp"
#include "kernels/ops/reduce/reduce.hpp"

namespace {

using namespace wengert::kernels;
using Ints = std::vector<std::int32_t>;

Stream stream{wengert::Device{}};
constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min(),
                       greatest = std::numeric_limits<std::int32_t>::max();

template <class Op>
Ints of_one(Op op, const Ints& x) {
  Ints y(x.size());
  unary(stream, op, static_cast<std::int64_t>(x.size()), x.data(), y.data());
  return y;
}

template <class Op>
Ints of_two(const Ints& a, const Ints& b) {
  Ints y(a.size());
  binary<Op>(stream, Broadcast{1, {true}, {true}, {static_cast<std::int64_t>(a.size())}}, a.data(), b.data(), y.data());
  return y;
}

template <class To, class From>
std::vector<To> converted(const std::vector<From>& x) {
  std::vector<To> y(x.size());
  convert(stream, static_cast<std::int64_t>(x.size()), x.data(), y.data());
  return y;
}

TEST_CASE("integers: arithmetic wraps around at 2^32") {
  CHECK(of_one(Negate{}, {5, 0, least}) == Ints{-5, 0, least});
  CHECK(of_one(Abs{}, {5, -5, 0, least}) == Ints{5, 5, 0, least});
  CHECK(of_one(Square{}, {-3, 65536, greatest}) == Ints{9, 0, 1});
  CHECK(of_one(AddNumber{1}, {1, greatest}) == Ints{2, least});
  CHECK(of_one(SubtractFromNumber{-2}, {1, greatest}) == Ints{-3, greatest});
  CHECK(of_one(MultiplyByNumber{2}, {-7, greatest}) == Ints{-14, -2});
  CHECK(of_two<Add>({1, greatest}, {2, greatest}) == Ints{3, -2});
  CHECK(of_two<Subtract>({1, least}, {2, 1}) == Ints{-1, greatest});
  CHECK(of_two<Multiply>({3, greatest, 65536}, {-4, greatest, 65536}) == Ints{-12, 1, 0});
}

TEST_CASE("integers: a number beside them is cut towards zero") {
  CHECK(of_one(AddNumber{2.9}, {1}) == Ints{3});
  CHECK(of_one(MultiplyByNumber{-2.9}, {3}) == Ints{-6});
  CHECK(of_one(AddNumber{1e20}, {0}) == Ints{greatest});
}

TEST_CASE("integers: sums wrap around, in blocks and down columns too") {
  const Reduction all{1, {3}, {true}};
  Ints x{greatest, greatest, 3}, y(3);
  sum_over(stream, all, x.data(), 1, Sink<std::int32_t>{y.data(), wengert::SinkMode::write});
  CHECK(y[0] == 1);
  x.assign(15000, greatest);
  sum_over(stream, Reduction{2, {5000, 3}, {true, false}}, x.data(), 1,
           Sink<std::int32_t>{y.data(), wengert::SinkMode::write});
  CHECK(y == Ints(3, -5000));
}

TEST_CASE("integers: maxima and where they are") {
  const Ints x{4, -1, 9, 9, least, least};
  const Reduction rows{2, {2, 3}, {false, true}}, columns{2, {2, 3}, {true, false}};
  Ints y(2), z(3);
  max_over(stream, rows, x.data(), y.data());
  CHECK(y == Ints{9, 9});
  argmax_over(stream, rows, x.data(), y.data());
  CHECK(y == Ints{2, 0});
  max_over(stream, columns, x.data(), z.data());
  CHECK(z == Ints{9, -1, 9});
  argmax_over(stream, columns, x.data(), z.data());
  CHECK(z == Ints{1, 0, 0});
}

TEST_CASE_TEMPLATE("integers: conversion cuts towards zero, saturates, and makes 0 of NaN", T, float, double) {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  CHECK(converted<std::int32_t>(std::vector<T>{T(2.9), T(-2.9), T(-0.0), T(3e9), T(-3e9), inf, -inf, nan}) ==
        Ints{2, -2, 0, greatest, least, greatest, least, 0});
  CHECK(converted<T>(Ints{-7, 1 << 24}) == std::vector<T>{T(-7), T(1 << 24)});
}

TEST_CASE("integers: conversions between the floating types round to nearest") {
  CHECK(converted<float>(std::vector<double>{0.1, 1e300}) ==
        std::vector<float>{0.1f, std::numeric_limits<float>::infinity()});
  CHECK(converted<double>(std::vector<float>{0.1f}) == std::vector<double>{0.1f});
  CHECK(converted<std::int32_t>(Ints{least, 3}) == Ints{least, 3});
}

TEST_CASE_TEMPLATE("layout: fill", T, float, double, std::int32_t) {
  std::vector<T> y(100, T(1));
  fill(stream, 99, T(7), y.data());
  CHECK(y[0] == 7);
  CHECK(y[98] == 7);
  CHECK(y[99] == 1);
}

}  // namespace
