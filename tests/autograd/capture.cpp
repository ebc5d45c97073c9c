// capture(step) and replay: the same bits as running the step, and errors for what would act only once.
#include <doctest/doctest.h>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

// A few steps on one parameter, captured or eager; what is left in value and gradient.
std::vector<float> steps(bool captured, bool zeroed, bool backward_before) {
  const Var w = Var::parameter(Tensor::from({0.3, -0.8}, {2}));
  if (backward_before) backward(sum(square(w)));
  const auto step = [&] {
    if (zeroed) w.zero_grad();
    const Var loss = sum(exp(w * w));
    backward(loss);
    w.detach().assign(w.detach() - *w.grad() * 0.01);
  };
  if (captured) {
    Capture capture = wengert::capture(step);
    for (int i = 1; i < 5; ++i) capture.replay();
  } else {
    for (int i = 0; i < 5; ++i) step();
  }
  std::vector<float> left = w.to_vector();
  for (const float g : w.grad()->to_vector()) left.push_back(g);
  return left;
}

}  // namespace

TEST_CASE("captured and eager steps leave the same bits, with and without zeroing") {
  for (const bool zeroed : {true, false}) {
    for (const bool backward_before : {true, false}) {
      CAPTURE(zeroed);
      CAPTURE(backward_before);
      CHECK(steps(true, zeroed, backward_before) == steps(false, zeroed, backward_before));
    }
  }
  CHECK(steps(true, true, false) != steps(true, false, false));
}

TEST_CASE("a replay reads what was assigned since, and its results can be read between replays") {
  const Tensor x = Tensor::from({1.}, {1});
  Tensor y;
  Capture capture = wengert::capture([&] { y = x * 2.0; });
  CHECK(y.item() == 2);
  x.assign({5.});
  capture.replay();
  CHECK(y.item() == 10);
  CHECK(capture.size() == 1);
}

TEST_CASE("random numbers go on from replay to replay") {
  Tensor drawn;
  seed(7);
  Capture capture = wengert::capture([&] { drawn = rand({8}); });
  const auto first = drawn.to_vector();
  capture.replay();
  const auto second = drawn.to_vector();
  CHECK(first != second);
  seed(7);
  CHECK(rand({8}).to_vector() == first);
  CHECK(rand({8}).to_vector() == second);
}

TEST_CASE("gradients cleared between replays are absent until the next") {
  const Var w = Var::parameter(Tensor::from({2.}, {1}));
  Capture capture = wengert::capture([&] { backward(w * w); });
  w.zero_grad();
  CHECK_FALSE(w.grad().has_value());
  capture.replay();
  CHECK(w.grad()->item() == 4);
  capture.replay();
  CHECK(w.grad()->item() == 8);
}

TEST_CASE("what would act only once is an error inside a capture") {
  const Var w = Var::parameter(Tensor::ones({1}));
  const Var before = w * w;
  CHECK(fails_with([&] { capture([&] { (void)w.item(); }); }, "item", "inside a capture"));
  CHECK(fails_with([&] { capture([&] { (void)w.to_vector(); }); }, "to_vector", "inside a capture"));
  CHECK(fails_with([&] { capture([&] { w.detach().assign({3.}); }); }, "assign", "inside a capture"));
  CHECK(fails_with([&] { capture([&] { capture([] {}); }); }, "capture"));
  CHECK(fails_with([&] { capture([&] { backward(before); }); }, "mul", "before the capture"));
  CHECK(w.item() == 1);  // a failed capture ends
}

TEST_CASE("a replay raises the versions of what it writes") {
  const Tensor x = Tensor::from({1.}, {1});
  Capture capture = wengert::capture([&] { x.assign(x + 1.0); });
  const Var w = Var::parameter(Tensor::ones({1}));
  const Var y = w * x;
  capture.replay();
  CHECK(fails_with([&] { backward(y); }, "mul", "changed"));
}
