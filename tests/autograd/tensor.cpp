// Making, reading, converting and printing tensors.
#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;

namespace {

template <class X>
std::string printed(const X& x) {
  std::ostringstream out;
  out << x;
  return out.str();
}

}  // namespace

TEST_CASE("unnamed dtypes: int32 of ints, float32 of all else, named ones are kept") {
  CHECK(Tensor::from({1, 2}, {2}).dtype() == DType::i32);
  CHECK(Tensor::from({1., 2.}, {2}).dtype() == DType::f32);
  CHECK(Tensor::from({1, 2.5}, {2}).dtype() == DType::f32);
  CHECK(Tensor::from<int>({1, 2}, {2}).dtype() == DType::i32);
  CHECK(Tensor::from(std::vector<int>{1, 2}, {2}).dtype() == DType::i32);
  CHECK(Tensor::from(std::vector<double>{1, 2}, {2}).dtype() == DType::f32);
  CHECK(Tensor::from(std::array<float, 2>{1, 2}, {2}).dtype() == DType::f32);
  CHECK(Tensor::from({1, 2}, {2}, DType::f64).dtype() == DType::f64);
  CHECK(Tensor::zeros({2}).dtype() == DType::f32);
  CHECK(Tensor::ones({2}, DType::i32).to_vector<int>() == std::vector{1, 1});
  CHECK(Tensor::full({2}, 2.5).to_vector() == std::vector{2.5f, 2.5f});
}

TEST_CASE("copies are handles, clones are snapshots, assign is seen by all handles") {
  const Tensor x = Tensor::from({1., 2.}, {2});
  const Tensor handle = x, view = reshape(x, {2, 1}), snapshot = x.clone();
  x.assign({3., 4.});
  CHECK(handle.to_vector() == std::vector<float>{3, 4});
  CHECK(view.to_vector() == std::vector<float>{3, 4});
  CHECK(snapshot.to_vector() == std::vector<float>{1, 2});
}

TEST_CASE("conversion to int32 truncates, saturates and makes 0 of NaN") {
  const Tensor x = Tensor::from({-1.7, 1.7, 3e9, std::numeric_limits<double>::quiet_NaN()}, {4});
  CHECK(x.to(DType::i32).to_vector<int>() == std::vector{-1, 1, std::numeric_limits<int>::max(), 0});
}

TEST_CASE("tensors print as nested brackets, numbers in their shortest form") {
  CHECK(printed(Tensor::from({0.1, -2., 3., 4e10}, {2, 2})) == "[[0.1, -2], [3, 4e+10]]");
  CHECK(printed(Tensor::full({}, 5)) == "5");
  CHECK(printed(Tensor::zeros({0})) == "[]");
  CHECK(printed(Tensor::from({1, 2}, {2})) == "[1, 2]");
  CHECK(printed(Tensor()) == "undefined");
  CHECK(printed(Shape{}) == "()");
  CHECK(printed(Shape{3}) == "(3,)");
}

TEST_CASE("type in, type out") {
  const Tensor t = Tensor::ones({2});
  const Var v = Var::parameter(Tensor::ones({2}));
  static_assert(std::is_same_v<decltype(t + t), Tensor>);
  static_assert(std::is_same_v<decltype(t + v), Var>);
  static_assert(std::is_same_v<decltype(2.0 * v), Var>);
  static_assert(std::is_same_v<decltype(exp(t)), Tensor>);
  static_assert(std::is_same_v<decltype(argmax(v)), Var>);
  static_assert(!std::is_convertible_v<double, Tensor> && !std::is_convertible_v<Var, Tensor>);
  CHECK_FALSE(argmax(v).requires_grad());
  CHECK(argmax(v).dtype() == DType::i32);
}

TEST_CASE("reading an undefined tensor, or one of many numbers as one, is an error") {
  CHECK(testing::fails_with([] { (void)Tensor().item(); }, "undefined"));
  CHECK(testing::fails_with([] { (void)Tensor::ones({2}).item(); }, "item", "(2,)", "to_vector"));
  CHECK(testing::fails_with([] { (void)Tensor::ones({2}).to(Device::parse("cuda")); }, "cuda", "not available"));
}
