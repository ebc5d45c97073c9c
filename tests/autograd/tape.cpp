// Shapes of graphs: long, wide, shared, and thrown away.
#include <doctest/doctest.h>

#include "autograd/backward.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/base/memory.hpp"
#include "tests/support/count_allocations.hpp"

using namespace wengert;

namespace {

Var parameter(double value) { return Var::parameter(Tensor::full({1}, value)); }

}  // namespace

TEST_CASE("a chain of a million ops runs backward and is freed without recursion") {
  const Var x = parameter(1);
  {
    Var y = x;
    for (int i = 0; i < 1'000'000; ++i) y = -y;
    backward(y);
    CHECK(x.grad()->item() == 1);
    Var unused = x;  // freed without a backward
    for (int i = 0; i < 1'000'000; ++i) unused = -unused;
  }
  CHECK(x.node()->references.unique());
}

TEST_CASE("b = a + a sixty-four times over is 64 steps") {
  const Var x = parameter(1);
  Var y = x;
  for (int i = 0; i < 64; ++i) y = y + y;
  backward(y);
  CHECK(x.grad()->item() == 0x1p64f);
}

TEST_CASE("a million forward passes without backward hold no memory") {
  const Var x = parameter(0.5), w = parameter(2);
  const auto passes = [&](int count) {
    for (int i = 0; i < count; ++i) (void)sigmoid(x * w + x);
  };
  passes(1000);
  const auto pooled = pooled_bytes();
  const auto live = testing::live_allocations();
  passes(1'000'000);
  CHECK(pooled_bytes() == pooled);
  CHECK(testing::live_allocations() == live);
}

TEST_CASE("a diamond, and a Var used twice") {
  const Var x = parameter(3);
  SUBCASE("diamond") {
    const Var left = x * 2.0, right = square(x);
    backward(left * right);  // 2 x^3
    CHECK(x.grad()->item() == 54);
  }
  SUBCASE("both operands") {
    backward(x * x);
    CHECK(x.grad()->item() == 6);
  }
  SUBCASE("both operands, the second broadcast") {
    const Var m = Var::parameter(Tensor::from({1., 2., 3., 4.}, {2, 2}));
    const Var y = m * m;
    backward(y, Tensor::ones({2, 2}));
    CHECK(m.grad()->to_vector() == std::vector<float>{2, 4, 6, 8});
  }
}

TEST_CASE("gradients add up over backwards until they are cleared") {
  const Var x = parameter(3);
  backward(x * x);
  backward(x * x);
  CHECK(x.grad()->item() == 12);
  x.zero_grad();
  CHECK_FALSE(x.grad().has_value());
  backward(x * x);
  CHECK(x.grad()->item() == 6);
}

TEST_CASE("assignment operators rebind the Var") {
  const Var x = parameter(3);
  Var y = x;
  y += x;
  y *= 2.0;
  y -= 1.0;
  y /= x;
  CHECK(x.item() == 3);
  backward(y);  // (4 x - 1) / x
  CHECK(x.grad()->item() == doctest::Approx(1.0 / 9));
}

TEST_CASE("retain_graph allows a second backward, an upstream any shape") {
  const Var x = parameter(3);
  const Var y = x * x;
  backward(y, {.retain_graph = true});
  backward(y);
  CHECK(x.grad()->item() == 12);
  const Var z = Var::parameter(Tensor::from({1., 2.}, {2}));
  backward(z * 3.0, Tensor::from({10., 100.}, {2}));
  CHECK(z.grad()->to_vector() == std::vector<float>{30, 300});
}
