// Bad input and misuse get an error that names the op and both sides, and leave everything as it was.
#include <doctest/doctest.h>

#include "autograd/backward.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

const Tensor a23 = Tensor::ones({2, 3});

}  // namespace

TEST_CASE("wrong shapes name the op and both shapes") {
  CHECK(fails_with([] { a23 + Tensor::ones({2, 4}); }, "add", "(2, 3)", "(2, 4)"));
  CHECK(fails_with([] { matmul(a23, a23); }, "matmul", "(2, 3)"));
  CHECK(fails_with([] { linear(a23, Tensor::ones({4, 2}), Tensor::ones({4})); }, "linear", "(2, 3)", "(4, 2)"));
  CHECK(fails_with([] { reshape(a23, {4, 2}); }, "reshape", "(2, 3)", "(4, 2)"));
  CHECK(fails_with([] { cat({a23, Tensor::ones({2, 2})}); }, "cat", "(2, 3)", "(2, 2)"));
  CHECK(fails_with([] { sum(a23, 2); }, "sum", "axis 2", "(2, 3)"));
  CHECK(fails_with([] { slice(a23, 1, 2, 5); }, "slice", "[2, 5)", "(2, 3)"));
  CHECK(fails_with([] { select(a23, 0, 2); }, "select", "index 2", "(2, 3)"));
  CHECK(fails_with([] { max(Tensor::zeros({0})); }, "max", "(0,)"));
  CHECK(fails_with([] { softmax(Tensor::zeros({})); }, "softmax", "scalar"));
  CHECK(fails_with([] { Tensor::from({1., 2.}, {3}); }, "from", "(3,)", "2"));
  CHECK(fails_with([] { Tensor::zeros({1, 1, 1, 1, 1}); }, "at most 4 axes"));
  CHECK(fails_with([] { a23.assign(Tensor::ones({3, 2})); }, "assign", "(2, 3)", "(3, 2)"));
}

TEST_CASE("dtypes never mix silently") {
  const Tensor doubles = a23.to(DType::f64), ints = a23.to(DType::i32);
  CHECK(fails_with([&] { a23* doubles; }, "mul", "float32", "float64", ".to("));
  CHECK(fails_with([&] { matmul(a23, transpose(doubles)); }, "matmul", "float32", "float64"));
  CHECK(fails_with([&] { exp(ints); }, "exp", "int32"));
  CHECK(fails_with([&] { ints + 0.5; }, "add", "0.5", "int32"));
  CHECK(fails_with([&] { ints / ints; }, "div", "int32"));
  CHECK(fails_with([&] { Var::parameter(ints); }, "int32"));
  CHECK((ints + 2).to_vector<int>() == std::vector<int>(6, 3));
}

TEST_CASE("backward refuses what has no gradient, and says what to do") {
  const Var x = Var::parameter(a23.clone());
  CHECK(fails_with([&] { backward(x * 2.0); }, "one number", "(2, 3)", "sum()"));
  CHECK(fails_with([&] { backward(Var(sum(a23))); }, "no history"));
  CHECK(fails_with([&] { (void)Var(a23).grad(); }, "constant", "Var::parameter"));
  const Var y = x * 2.0;
  CHECK(fails_with([&] { (void)y.grad(); }, "mul", "named("));
  CHECK(fails_with([&] { backward(y, Tensor::ones({6})); }, "(6,)", "(2, 3)"));
}

TEST_CASE("a second backward over a used tape names the step and the way out") {
  const Var x = Var::parameter(Tensor::ones({1}));
  const Var shared = exp(x);
  const Var first = shared * 2.0, second = shared * 3.0;
  backward(first);
  CHECK(fails_with([&] { backward(second); }, "exp", "retain_graph"));
  CHECK(fails_with([&] { backward(first); }, "mul", "retain_graph"));
  CHECK(x.grad()->item() == doctest::Approx(2 * 2.718281828));  // what failed left no trace
}

TEST_CASE("a saved value that was changed since is an error with op, tensor and versions") {
  const Var x = named("x", Var::parameter(Tensor::from({1., 2.}, {2})));
  SUBCASE("the saved tensor") {
    const Var y = sum(square(x));
    x.detach().assign({5., 6.});
    CHECK(fails_with([&] { backward(y); }, "square", "(2,)", "version 0", "is at 1", "clone"));
    CHECK_FALSE(x.grad().has_value());
  }
  SUBCASE("a part of it") {
    const Var y = sum(square(x));
    Tensor(Storage::part_of(x.detach().storage(), 1, 1), {1}).assign({7.});
    CHECK(fails_with([&] { backward(y); }, "square"));
  }
  SUBCASE("the whole that it is part of; a neighbour's change is no matter") {
    const Tensor whole = Tensor::from({1., 2., 3.}, {3});
    const Var part = Var::parameter(Tensor(Storage::part_of(whole.storage(), 0, 2), {2}));
    const Tensor neighbour(Storage::part_of(whole.storage(), 2, 1), {1});
    const Var first = sum(square(part));
    neighbour.assign({9.});
    backward(first);
    CHECK(part.grad()->to_vector() == std::vector<float>{2, 4});
    const Var second = sum(square(part));
    whole.assign({0., 0., 0.});
    CHECK(fails_with([&] { backward(second); }, "square"));
  }
  SUBCASE("a value that no rule reads may change") {
    const Var y = sum(x + x);
    x.detach().assign({5., 6.});
    backward(y);
    CHECK(x.grad()->to_vector() == std::vector<float>{2, 2});
  }
}
