// Lints: each mistake is named once, at its place, and what is right is not.
#include "autograd/inspect/watch/lint.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/linear.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/sgd.hpp"

using namespace wengert;
using Kind = Finding::Kind;

namespace {

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
  nn::Linear fc2 = add("fc2", nn::Linear(3, 1));
  Var operator()(const Var& x) const { return fc2(relu(fc1(x))); }
};

const Tensor& points() {
  static const Tensor x = Tensor::from({1., 2., 3., 4.}, {2, 2});
  return x;
}

Var loss_of(const Net& net) { return mean(square(net(points()))); }

bool is_only(const Lint& lint, Kind kind, int line, const char* words) {
  REQUIRE(lint.findings().size() == 1);
  const Finding& found = lint.findings().front();
  CAPTURE(found.text);
  CHECK(found.kind == kind);
  CHECK(found.where.line == line);
  CHECK(found.text.starts_with("lint.cpp:" + std::to_string(line) + ": "));
  return found.text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("lint: a sound loop gives no finding, eager or captured, and the same bits") {
  std::vector<float> plain, watched;
  for (std::vector<float>* const result : {&plain, &watched}) {
    seed(1);
    std::optional<Lint> lint;
    if (result == &watched) lint.emplace();
    const Net net, old;
    optim::Adam adam(net.parameters());
    const auto step = [&] {
      adam.zero_grad();
      backward(loss_of(net) + sum(abs(old.detach()[0] - net.fc1.weight)));
      adam.step();
    };
    for (int i = 0; i < 3; ++i) step();
    Capture captured = capture(step);
    for (int i = 0; i < 3; ++i) captured.replay();
    *result = net.detach().flat().to_vector();
    if (lint) CHECK(lint->findings().empty());
  }
  CHECK(plain == watched);
}

TEST_CASE("lint: gradients of two steps are added up") {
  const Net net;
  std::ostringstream out;
  const Lint lint(out);
  optim::SGD sgd(net.parameters(), {.lr = 0.01});
  const auto step = [&] {
    backward(loss_of(net));
    sgd.step();
  };
  const int line = __LINE__ - 2;
  SUBCASE("eagerly") {
    for (int i = 0; i < 5; ++i) step();
  }
  SUBCASE("captured") {
    Capture captured = capture(step);
    CHECK(lint.findings().empty());
    for (int i = 0; i < 5; ++i) captured.replay();
  }
  CHECK(is_only(lint, Kind::accumulated, line, "'fc1.weight' and 3 more were added up over two steps"));
  CHECK(out.str() == "lint: " + lint.findings().front().text + "\n");
}

TEST_CASE("lint: several backwards to one step are no mistake") {
  const Net net;
  const Lint lint;
  optim::SGD sgd(net.parameters());
  for (int i = 0; i < 3; ++i) {
    sgd.zero_grad();
    backward(loss_of(net));
    backward(loss_of(net));
    sgd.step();
  }
  CHECK(lint.findings().empty());
}

TEST_CASE("lint: a sum of losses that keeps every tape alive") {
  const Net net;
  const Lint lint;
  optim::SGD sgd(net.parameters());
  Var total = Tensor::zeros({});
  Tensor sound = Tensor::zeros({});
  int line = 0;
  for (int i = 0; i < 5; ++i) {
    sgd.zero_grad();
    const Var loss = loss_of(net);
    backward(loss);
    sgd.step();
    sound = sound + loss.detach();
    total += loss;
    line = __LINE__ - 1;
  }
  CHECK(is_only(lint, Kind::growing_graph, line, "total += loss.item()"));
}

TEST_CASE("lint: zeroed between backward and step") {
  const Net net;
  const Lint lint;
  optim::SGD sgd(net.parameters());
  backward(loss_of(net));
  sgd.zero_grad();
  sgd.step();
  const int line = __LINE__ - 1;
  CHECK(is_only(lint, Kind::moved_nothing, line, "step() of SGD moved nothing"));
}

TEST_CASE("lint: a parameter that no loss reaches") {
  const Net net;
  const Lint lint;
  optim::Adam adam(net.parameters());
  backward(mean(net.fc1(points())));
  adam.step();
  const int line = __LINE__ - 1;
  CHECK(is_only(lint, Kind::unreached, line, "step() of Adam was given 'fc2.weight' and 1 more, which no loss"));
}

TEST_CASE("lint: a layer that was never added to its module") {
  struct Forgetful : nn::Module {
    nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
    nn::Linear fc2 = nn::Linear(3, 1);
  };
  const Forgetful net;
  const Lint lint;
  optim::SGD sgd(net.parameters());
  int line = 0;
  for (int i = 0; i < 3; ++i) {
    sgd.zero_grad();
    const Var hidden = relu(net.fc1(points()));
    const Var y = net.fc2(hidden);
    line = __LINE__ - 1;
    backward(mean(square(y)));
    sgd.step();
  }
  CHECK(is_only(lint, Kind::outside, line, "'weight' and 1 more get gradients here, and no optimiser moves them"));
}

TEST_CASE("lint: a frozen parameter with a gradient from before") {
  const Net net;
  const Lint lint;
  optim::SGD sgd(net.parameters());
  backward(loss_of(net));
  net.fc1.freeze();
  sgd.step();
  const int line = __LINE__ - 1;
  CHECK(is_only(lint, Kind::stale, line, "'fc1.weight' and 1 more are frozen and still hold gradients"));
}

TEST_CASE("lint: the old model is still trained") {
  const Net a, b;
  const Lint lint;
  std::vector<Var> both = b.parameters();
  SUBCASE("a view of it moves") {
    both.insert(both.end(), a.parameters().begin(), a.parameters().end());
    optim::SGD sgd(both);
    int line = 0;
    for (int i = 0; i < 3; ++i) {
      sgd.zero_grad();
      const nn::Weights old = a.detach();
      line = __LINE__ - 1;
      backward(loss_of(a) + loss_of(b) + sum(abs(old[0] - b.fc1.weight)));
      sgd.step();
    }
    CHECK(is_only(lint, Kind::moving_old, line, "A.detach().clone()"));
  }
  SUBCASE("a snapshot of it does not, nor does a model that was trained before") {
    optim::SGD of_a(a.parameters()), of_b(b.parameters());
    backward(loss_of(a));
    of_a.step();
    const nn::Weights snapshot = a.detach().clone();
    for (int i = 0; i < 3; ++i) {
      of_a.zero_grad();
      of_b.zero_grad();
      backward(loss_of(a) + loss_of(b) + sum(abs(snapshot[0] - b.fc1.weight)));
      of_a.step();
      of_b.step();
    }
    for (int i = 0; i < 3; ++i) {
      of_b.zero_grad();
      backward(sum(abs(a.detach()[0] - b.fc1.weight)) + loss_of(b));
      of_b.step();
    }
    CHECK(lint.findings().empty());
  }
}

TEST_CASE("lint: off where no scope lives") {
  CHECK(Observer::first() == nullptr);
  {
    const Lint outer;
    { const Lint inner; }
    CHECK(Observer::first() != nullptr);
  }
  CHECK(Observer::first() == nullptr);
}
