// Optimisers against their formulas, and what they must not move.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/clip_grad_norm.hpp"
#include "nn/optim/schedules.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

Var parameter(double value) { return Var::parameter(Tensor::full({1}, value, DType::f64)); }

}  // namespace

TEST_CASE("SGD with momentum and decay follows its formula") {
  const Var x = parameter(1);
  optim::SGD sgd({x}, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01});
  double p = 1, v = 0;
  for (int i = 0; i < 5; ++i) {
    sgd.zero_grad();
    backward(square(x));
    sgd.step();
    v = 0.9 * v + (2 * p + 0.01 * p);
    p -= 0.1 * v;
    CHECK(x.item<double>() == doctest::Approx(p).epsilon(1e-14));
  }
}

TEST_CASE("Adam follows its formula, and counts each parameter's own steps") {
  const Var x = parameter(1), late = parameter(1);
  optim::Adam adam({x, late}, {.lr = 0.1, .weight_decay = 0.02});
  struct State {
    double p = 1, m = 0, v = 0;
    int t = 0;
    void step() {
      const double g = 2 * p + 0.02 * p;
      ++t;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      p -= 0.1 / (1 - std::pow(0.9, t)) * m / (std::sqrt(v) / std::sqrt(1 - std::pow(0.999, t)) + 1e-8);
    }
  } first, second;
  for (int i = 0; i < 5; ++i) {
    adam.zero_grad();
    backward(i < 2 ? square(x) : square(x) + square(late));
    adam.step();
    first.step();
    if (i >= 2) second.step();
    CHECK(x.item<double>() == doctest::Approx(first.p).epsilon(1e-12));
    CHECK(late.item<double>() == doctest::Approx(second.p).epsilon(1e-12));
  }
}

TEST_CASE("an optimiser that takes over another's state continues where that one was") {
  const auto continues = [](const auto& make) {
    const Var whole = parameter(1), part = parameter(1);
    auto alone = make(whole), before = make(part), after = make(part);
    const auto step = [](const Var& x, auto& optimizer) {
      optimizer.zero_grad();
      backward(square(x));
      optimizer.step();
    };
    for (int i = 0; i < 6; ++i) step(whole, alone);
    for (int i = 0; i < 3; ++i) step(part, before);
    const auto from = before.state(), to = after.state();
    REQUIRE(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      CHECK(from[i].name == to[i].name);
      CHECK(from[i].tensor.template to_vector<double>() != to[i].tensor.template to_vector<double>());
      to[i].tensor.assign(from[i].tensor);
    }
    for (int i = 0; i < 3; ++i) step(part, after);
    CHECK(part.item<double>() == whole.item<double>());
    return from.size();
  };
  CHECK(continues([](const Var& x) { return optim::Adam({x}, {.lr = 0.1}); }) == 3);
  CHECK(continues([](const Var& x) { return optim::SGD({x}, {.lr = 0.1, .momentum = 0.9}); }) == 1);
  CHECK(continues([](const Var& x) { return optim::SGD({x}, {.lr = 0.1}); }) == 0);
}

TEST_CASE("frozen and absent parameters are not moved at all, in the middle of a module too") {
  const testing::Net net;
  optim::SGD sgd(net.parameters(), {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.5});
  const auto step = [&] {
    sgd.zero_grad();
    backward(sum(net(Tensor::ones({4, 2}))));
    sgd.step();
  };
  step();
  net.fc1.bias.node()->frozen = true;
  const auto before = net.detach().clone();
  step();
  CHECK(net.detach()["fc1.bias"].to_vector() == before["fc1.bias"].to_vector());
  CHECK(net.detach()["fc2.bias"].to_vector() != before["fc2.bias"].to_vector());
  sgd.zero_grad();
  const auto absent = net.detach().clone();
  sgd.step();
  CHECK(net.detach().flat().to_vector() == absent.flat().to_vector());
}

TEST_CASE("clip_grad_norm scales what is present to the norm, and leaves the frozen out") {
  const Var a = parameter(3), b = parameter(4), frozen = parameter(100);
  backward(square(a) * 0.5 + square(b) * 0.5 + frozen * 100.0);
  frozen.node()->frozen = true;
  CHECK(optim::clip_grad_norm({a, b, frozen}, 10).item<double>() == 5);
  CHECK(a.grad()->item<double>() == 3);
  optim::clip_grad_norm({a, b, frozen}, 1);
  CHECK(a.grad()->item<double>() == doctest::Approx(0.6).epsilon(1e-5));
  CHECK(b.grad()->item<double>() == doctest::Approx(0.8).epsilon(1e-5));
  CHECK(frozen.node()->gradient.item<double>() == 100);
  CHECK(fails_with([&] { optim::clip_grad_norm({a, Var()}, 1); }, "clip_grad_norm", "undefined"));
  CHECK(fails_with([&] { optim::clip_grad_norm({a, Var(Tensor::ones({}))}, 1); }, "clip_grad_norm", "constants"));
}

TEST_CASE("clip_grad_norm with an infinite norm measures, and writes nothing") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Var a = parameter(3), b = parameter(4);
  backward(square(a) * 0.5 + square(b) * 0.5);
  const std::uint64_t version = a.grad()->storage()->version();
  CHECK(optim::clip_grad_norm({a, b}, infinity).item<double>() == 5);
  CHECK(a.grad()->item<double>() == 3);
  CHECK(a.grad()->storage()->version() == version);
  b.grad()->assign({infinity});
  CHECK(optim::clip_grad_norm({a, b}, infinity).item<double>() == infinity);
  CHECK(a.grad()->item<double>() == 3);
  CHECK(optim::clip_grad_norm({}, infinity).item<double>() == 0);
  CHECK(fails_with([&] { optim::clip_grad_norm({a}, std::nan("")); }, "clip_grad_norm", "nan"));
  CHECK(fails_with([&] { optim::clip_grad_norm({a}, -1); }, "clip_grad_norm", "-1"));
}

TEST_CASE("an optimiser that was moved from says so, and its successor continues") {
  const auto checks = [](auto make) {
    const Var x = parameter(1);
    auto first = make(x);
    backward(square(x));
    first.step();
    const double once = x.item<double>();
    auto second = std::move(first);
    const auto gone = [](const auto& use) { return fails_with(use, "was moved from"); };
    CHECK(gone([&] { first.step(); }));
    CHECK(gone([&] { first.step(optim::FiniteGuard()); }));
    CHECK(gone([&] { first.zero_grad(); }));
    CHECK(gone([&] { (void)first.lr(); }));
    CHECK(gone([&] { first.set_lr(1); }));
    CHECK(gone([&] { (void)first.state(); }));
    CHECK(x.item<double>() == once);
    second.step();
    CHECK(x.item<double>() != once);
    first = std::move(second);
    first.step();
  };
  checks([](const Var& x) { return optim::SGD({x}, {.lr = 0.1, .momentum = 0.9}); });
  checks([](const Var& x) { return optim::Adam({x}, {.lr = 0.1}); });
}

TEST_CASE("a guard that was moved from still guards, and a capture says that it holds no step") {
  const Var x = parameter(1);
  optim::SGD sgd({x}, {.lr = 0.1});
  optim::FiniteGuard guard;
  const optim::FiniteGuard moved = std::move(guard);
  moved.watch(x * std::numeric_limits<double>::infinity());
  CHECK(guard.tripped());
  backward(square(x));
  sgd.step(guard);
  CHECK(x.item<double>() == 1);

  Capture empty;
  CHECK(empty.size() == 0);
  CHECK(fails_with([&] { empty.replay(); }, "replay", "no step"));
  Capture first = capture([&] { sgd.step(); });
  Capture second = std::move(first);
  CHECK(fails_with([&] { first.replay(); }, "replay", "moved from"));
  const double before = x.item<double>();
  second.replay();
  CHECK(x.item<double>() != before);
  first = std::move(second);
  first.replay();
  Capture nothing = capture([] {});
  nothing.replay();
}

TEST_CASE("an optimiser trains the parameters of a module that has moved, or is gone") {
  std::optional<testing::Net> net(std::in_place);
  optim::Adam adam(net->parameters());
  const std::vector<Var> parameters = net->parameters();
  const testing::Net moved = std::move(*net);
  net.reset();
  const auto train = [&](const Var& loss) {
    adam.zero_grad();
    backward(loss);
    adam.step();
  };
  const auto before = moved.detach().clone();
  train(sum(moved(Tensor::ones({4, 2}))));
  CHECK(moved.detach()["fc2.bias"].to_vector() != before["fc2.bias"].to_vector());

  std::optional<nn::Linear> layer(std::in_place, 2, 1);
  optim::SGD sgd(layer->parameters(), {.lr = 1});
  const Var bias = layer->bias;
  const float start = bias.item();
  layer.reset();
  backward(sum(bias * 2.0));
  sgd.step();
  CHECK(bias.item() == start - 2);
}

TEST_CASE("an optimiser that is refused leaves its parameters as they were") {
  nn::Module module;
  const Var w = module.add("w", Tensor::ones({2}));
  CHECK(fails_with([&] { optim::SGD({w, Var(Tensor::ones({1}))}); }, "SGD", "parameters"));
  CHECK(fails_with([&] { optim::SGD({w, parameter(1)}); }, "SGD", "dtype"));
  CHECK(fails_with([&] { optim::SGD({w}, {.momentum = -1}); }, "SGD", "momentum"));
  CHECK(fails_with([&] { optim::Adam({w}, {.beta2 = 1}); }, "Adam", "beta"));
  CHECK(fails_with([&] { optim::SGD({w, Var()}); }, "SGD", "undefined"));
  (void)module.add("v", Tensor::ones({2}));
}

TEST_CASE("once a watched loss is not finite, the optimiser writes nothing") {
  const Var x = parameter(1);
  optim::SGD sgd({x}, {.lr = 0.1});
  const optim::FiniteGuard guard;
  const auto step = [&](double factor) {
    sgd.zero_grad();
    const Var loss = square(x) * factor;
    guard.watch(loss);
    backward(loss);
    sgd.step(guard);
  };
  step(1);
  CHECK_FALSE(guard.tripped());
  const double before = x.item<double>();
  CHECK(before != 1);
  step(std::numeric_limits<double>::infinity());
  CHECK(guard.tripped());
  step(1);
  CHECK(x.item<double>() == before);
  guard.reset();
  step(1);
  CHECK(x.item<double>() != before);
}

TEST_CASE("schedules") {
  const optim::cosine cosine(0.2, 100);
  CHECK(cosine(0) == 0.2);
  CHECK(cosine(50) == doctest::Approx(0.1));
  CHECK(cosine(100) == doctest::Approx(0));
  CHECK(cosine(1000) == doctest::Approx(0));
  const optim::cyclic cyclic(0.2, 100, 4);
  CHECK(cyclic(0) == 0.2);
  CHECK(cyclic(24) < 0.001);
  CHECK(cyclic(25) == 0.2);
  CHECK(optim::cyclic(0.2, std::numeric_limits<std::int64_t>::max(), 2)(0) == 0.2);
  CHECK(fails_with([] { optim::cosine(0.1, 0); }, "cosine"));
  CHECK(fails_with([] { optim::cyclic(0.1, 3, 4); }, "cyclic", "3 steps", "4 cycles"));
}

TEST_CASE("the rate can change from step to step, bad options are errors") {
  const Var x = parameter(1);
  optim::SGD sgd({x}, {.lr = 0.1});
  sgd.set_lr(0.5);
  CHECK(sgd.lr() == 0.5);
  backward(x * 1.0);
  sgd.step();
  CHECK(x.item<double>() == 0.5);
  CHECK(fails_with([&] { optim::SGD({x}, {.lr = -1}); }, "SGD", "lr", "-1"));
  CHECK(fails_with([&] { optim::Adam({x}, {.beta1 = 1}); }, "Adam", "beta"));
  CHECK(fails_with([&] { optim::SGD(std::vector<Var>{}); }, "SGD", "no parameters"));
  CHECK(fails_with([&] { optim::SGD({x * 2.0}); }, "SGD", "parameters"));
}

TEST_CASE("Adam refuses to step only some of the parameters that a captured step moves by one count") {
  struct Two : nn::Module {
    Var a = add("a", Tensor::ones({1})), b = add("b", Tensor::ones({1}));
  };
  const Two model;
  optim::Adam adam(model.parameters(), {.lr = 0.1});
  const auto step = [&](const Var& loss) {
    adam.zero_grad();
    backward(loss);
    adam.step();
  };
  Capture both = capture([&] { step(sum(model.a * model.b)); });
  step(sum(model.a * model.b));  // together is well
  both.replay();
  CHECK(fails_with([&] { step(sum(square(model.a))); }, "Adam", "'a'", "'b'", "captured"));
  const Two other;
  optim::Adam eager(other.parameters(), {.lr = 0.1});
  backward(sum(square(other.a)));
  eager.step();
  CHECK(other.b.item() == 1);
}

TEST_CASE("clip_grad_norm counts and scales a parameter that is given twice once") {
  const Var p = Var::parameter(Tensor::zeros({2}));
  backward(sum(p * Tensor::from({3., 4.}, {2})));
  CHECK(optim::clip_grad_norm({p, p}, 1).item() == 5);
  CHECK(p.grad()->to_vector()[0] == doctest::Approx(0.6));
}

TEST_CASE("optimisers refuse undefined parameters by place, and schedules rates that are no numbers") {
  const Var p = Var::parameter(Tensor::zeros({2}));
  CHECK(fails_with([&] { optim::SGD({p, Var()}); }, "SGD", "parameter 2", "undefined"));
  CHECK(fails_with([&] { (void)optim::cosine(NAN, 10); }, "cosine", "lr"));
  CHECK(fails_with([&] { optim::FiniteGuard(Device{}).watch(Var()); }, "watch", "undefined"));
}
