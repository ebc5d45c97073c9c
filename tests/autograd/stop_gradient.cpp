// The four properties of stop-gradient, with the Inspect scope off and on, and what distinguishes its relatives.
#include <doctest/doctest.h>

#include <memory>
#include <optional>

#include "autograd/backward.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/inspect/watch/lint.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::fails_with;

TEST_CASE("stop-gradient: value, gradient, mixture and pruning") {
  for (const bool inspected : {false, true}) {
    CAPTURE(inspected);
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    const Var x = Var::parameter(Tensor::from({3.}, {1}));
    const Var y = Var::parameter(Tensor::from({5.}, {1}));

    SUBCASE("the value is unchanged, and is the same memory") {
      CHECK(x.detach().item() == 3);
      x.detach().assign({4.});
      CHECK(x.item() == 4);
    }
    SUBCASE("the gradient through it is absent, not zero") {
      const Var loss = y * x.detach();
      backward(loss);
      CHECK_FALSE(x.grad().has_value());
      CHECK(y.grad()->item() == 3);
    }
    SUBCASE("x + detach(x) has gradient 1") {
      const Var loss = x + x.detach();
      CHECK(loss.item() == 6);
      backward(loss);
      CHECK(x.grad()->item() == 1);
    }
    SUBCASE("what lies behind the cut is not recorded at all") {
      const Tensor cut = exp(x * y).detach();
      const Var constant = cut * cut;
      CHECK_FALSE(constant.requires_grad());
      CHECK_FALSE(Var(constant).node());
      const Var loss = y + constant;
      std::size_t recorded = 0;
      for (const Ref<Node>& input : loss.node()->inputs()) recorded += input ? 1 : 0;
      CHECK(recorded == 1);
    }
  }
}

TEST_CASE("detach, no-grad and frozen are three things") {
  const Var x = Var::parameter(Tensor::from({3.}, {1}));
  SUBCASE("detach cuts one use") {
    backward(x * x.detach());
    CHECK(x.grad()->item() == 3);
  }
  SUBCASE("a NoGrad scope records nothing, and ends") {
    Var square = x;
    {
      const NoGrad guard;
      square = x * x;
    }
    CHECK_FALSE(square.requires_grad());
    CHECK((x * x).requires_grad());
  }
  SUBCASE("frozen: no gradient reaches the parameter, and others get theirs") {
    const Var w = Var::parameter(Tensor::from({2.}, {1}));
    x.node()->frozen = true;
    backward(w * x);
    CHECK_FALSE(x.grad().has_value());
    CHECK(w.grad()->item() == 3);
    CHECK(fails_with([&] { backward(x); }, "frozen"));
  }
  SUBCASE("a handle follows, a clone does not") {
    const Tensor handle = x.detach(), snapshot = x.detach().clone();
    x.detach().assign({9.});
    CHECK(handle.item() == 9);
    CHECK(snapshot.item() == 3);
  }
}

TEST_CASE("values and gradients are the same bits with Inspect and without") {
  const auto run = [] {
    const Var x = Var::parameter(Tensor::from({0.3, -1.7, 2.2}, {3}));
    const Var y = sigmoid(x * 3.0) * tanh(x) / x.detach();
    backward(y, Tensor::from({1., 0.5, -2.}, {3}));
    auto values = y.to_vector();
    for (const float g : x.grad()->to_vector()) values.push_back(g);
    return values;
  };
  const auto plain = run();
  const Inspect scope;
  CHECK(run() == plain);
}

TEST_CASE("scopes may end in any order") {
  std::optional<NoGrad> first, second;
  first.emplace();
  second.emplace();
  first.reset();
  CHECK(NoGrad::active());
  second.reset();
  CHECK(!NoGrad::active());
  auto outer = std::make_unique<Inspect>();
  auto inner = std::make_unique<Lint>();
  outer.reset();
  CHECK(square(Var::parameter(Tensor::ones({2}))).node()->notes);
  inner.reset();
  CHECK_FALSE(square(Var::parameter(Tensor::ones({2}))).node()->notes);
  CHECK(Observer::first() == nullptr);
}
