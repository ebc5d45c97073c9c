// explain: the path, or the cut, and never a guess.
#include "autograd/inspect/ask/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/inspect/ask/audit.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/inverse_l1.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;
using testing::has;
using Reason = Explanation::Reason;

namespace {

Var parameter(const std::string& name, double value = 2) {
  return named(name, Var::parameter(Tensor::from({value}, {1})));
}

std::string text_of(const auto& explanation) {
  std::ostringstream out;
  out << explanation;
  return out.str();
}

std::string here(int line) { return "explain.cpp:" + std::to_string(line); }

}  // namespace

TEST_CASE("explain: reached, by which path, and what became of the gradient") {
  for (const bool inspected : {false, true}) {
    CAPTURE(inspected);
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    const Var w = parameter("w");
    const Var h = exp(w);
    const int line = __LINE__ - 1;
    const Var loss = named("loss", sum(h * h));

    Explanation e = explain(loss, w);
    CHECK(e.reason == Reason::backward_not_run);
    CHECK(e.gradient == std::nullopt);
    REQUIRE(e.path.size() == 4);
    CHECK(e.path.front().name == "loss");
    CHECK(e.path[2].op == std::string("exp"));
    CHECK(e.path[2].where.line == line);
    CHECK(e.path.back().name == "w");
    CHECK(has(text_of(e), "<- exp at " + here(line) + " <- parameter 'w'"));
    CHECK(has(text_of(e), "backward has not run"));

    backward(loss, {.retain_graph = true});
    e = explain(loss, w);
    CHECK(e.reason == Reason::reached);
    CHECK(e.gradient == w.grad()->item());
    w.zero_grad();
    CHECK(explain(loss, w).reason == Reason::cleared);

    backward(loss);
    CHECK(explain(loss, w).reason == (inspected ? Reason::reached : Reason::used_up));
    CHECK(has(text_of(explain(loss, w)), inspected ? "its gradient has the norm" : "not remembered"));
  }
}

TEST_CASE("explain: zero is said to be zero, and which step made it so") {
  const Inspect scope;
  const Var w = parameter("w", -3);
  const Var h = w * 2.0;
  const Var dead = relu(h);
  const int line = __LINE__ - 1;
  const Var loss = sum(dead);
  backward(loss);
  const Explanation e = explain(loss, w);
  CHECK(e.reason == Reason::zero);
  CHECK(e.gradient == 0);
  REQUIRE(e.zero_at.size() == 1);
  CHECK(e.zero_at[0].op == std::string("relu"));
  CHECK(has(text_of(e), "made zero by: relu at " + here(line)));
}

TEST_CASE("explain: the first cut on every path, with its line") {
  const Inspect scope;
  const Var w = parameter("w"), v = parameter("v");

  SUBCASE("detach") {
    const Tensor old = w.detach();
    const int line = __LINE__ - 1;
    const Var loss = sum(v * old);
    const Explanation e = explain(loss, w);
    CHECK(e.reason == Reason::detach);
    CHECK_FALSE(e.has_path());
    REQUIRE(e.cuts.size() == 1);
    CHECK(e.cuts[0].where.line == line);
    CHECK(e.cuts[0].user.where.line == line + 2);
    CHECK(e.cuts[0].distance == 1);
    CHECK(has(text_of(e), "cut: 'w', detached at " + here(line) + ", used by mul at "));
  }
  SUBCASE("a cut of something made from it, which is itself behind another cut") {
    const Var h = exp(w);
    const Tensor first = h.detach();
    const Var g = v * first;
    const Tensor second = g.detach();
    const int line = __LINE__ - 1;
    const Var loss = sum(v + second);
    const Explanation e = explain(loss, w);
    REQUIRE(e.cuts.size() == 1);  // of the two, the first on the way from the loss
    CHECK(e.cuts[0].where.line == line);
  }
  SUBCASE("two paths with a cut each, the nearer first") {
    const Tensor far = w.detach();
    const Tensor near = w.detach();
    const int line = __LINE__ - 1;
    const Var deep = exp(v * far);
    const Var loss = sum(deep + near);
    const Explanation e = explain(loss, w);
    REQUIRE(e.cuts.size() == 2);
    CHECK(e.cuts[0].where.line == line);
    CHECK(e.cuts[1].where.line == line - 1);
  }
  SUBCASE("one path open, one cut: it is reached, and the cut is told") {
    const Var loss = sum(w * w.detach());
    const Explanation e = explain(loss, w);
    CHECK(e.reason == Reason::backward_not_run);
    CHECK(e.cuts.size() == 1);
    CHECK(has(text_of(e), "other path, cut: 'w', detached at "));
  }
  SUBCASE("a NoGrad scope") {
    Var quiet = v;
    {
      const NoGrad guard;
      quiet = exp(w);
    }
    const int line = __LINE__ - 2;
    const Explanation e = explain(sum(v * quiet), w);
    CHECK(e.reason == Reason::no_grad);
    REQUIRE(e.cuts.size() == 1);
    CHECK(e.cuts[0].where.line == line);
    CHECK(has(text_of(e), "exp, computed in a NoGrad scope at " + here(line)));
  }
  SUBCASE("frozen, with the step that uses it") {
    w.node()->frozen = true;
    const Var loss = sum(v * w);
    const int line = __LINE__ - 1;
    const Explanation e = explain(loss, w);
    CHECK(e.reason == Reason::frozen);
    REQUIRE(e.cuts.size() == 1);
    CHECK(e.cuts[0].kind == Reason::frozen);
    CHECK(e.cuts[0].user.where.line == line);
    CHECK(has(text_of(e), "'w' is frozen"));
    CHECK(explain(loss, v).reason == Reason::backward_not_run);
    w.node()->frozen = false;  // the step was recorded without it
    CHECK(explain(loss, w).reason == Reason::frozen);
  }
  SUBCASE("the loss itself is detached") {
    const Explanation e = explain(Var(sum(w * v).detach()), w);
    CHECK(e.reason == Reason::detach);
    CHECK(has(text_of(e), "cut: sum, detached at "));
  }
  SUBCASE("cuts stay known when backward has used up the tape") {
    const Var loss = sum(v * w.detach());
    backward(loss);
    CHECK(explain(loss, w).reason == Reason::detach);
    CHECK(explain(loss, v).reason == Reason::reached);
  }
}

TEST_CASE("explain: not used, and a value read out and put back is possible, never claimed") {
  const Inspect scope;
  const Var w = parameter("w"), v = parameter("v");
  const float read = exp(w).item();
  const Var loss = sum(v * static_cast<double>(read));
  const int line = __LINE__ - 1;
  const Explanation e = explain(loss, w);
  CHECK(e.reason == Reason::not_used);
  REQUIRE(e.constants.size() == 1);
  CHECK(e.constants[0].where.line == line);
  const std::string text = text_of(e);
  INFO(text);
  CHECK(has(text, "as far as the tape knows"));
  CHECK(has(text, "possible, but without a trace"));
  CHECK(has(text, here(line)));
}

TEST_CASE("explain: a parameter of another tape, and a gradient that another backward left") {
  const Inspect scope;
  const Var w = parameter("w"), v = parameter("v");
  backward(sum(w * w));
  const Var loss = sum(v * v);
  const Explanation e = explain(loss, w);
  CHECK(e.reason == Reason::not_used);
  CHECK(e.gradient == 4);
  CHECK(has(text_of(e), "which another backward left"));
  const Var again = sum(w * v);
  CHECK(explain(again, w).reason == Reason::backward_not_run);
  CHECK(has(text_of(explain(again, w)), "which another backward left"));
}

TEST_CASE("explain: outside an Inspect scope it says that it does not know") {
  const Var w = parameter("w"), v = parameter("v");
  const Explanation e = explain(sum(v * w.detach()), w);
  CHECK(e.reason == Reason::not_remembered);
  CHECK(e.steps == 3);
  CHECK(e.forgetful == 2);
  CHECK(has(text_of(e), "2 of the loss's 3 steps"));
  CHECK(has(text_of(e), "Inspect"));
}

TEST_CASE("explain: an empty tape, a constant for a parameter, and a loss that is the parameter") {
  const Var w = parameter("w");
  const Explanation empty = explain(Var(Tensor::ones({})), w);
  CHECK(empty.reason == Reason::empty_tape);
  CHECK(has(text_of(empty), "no history"));
  const Explanation constant = explain(sum(w), Var(named("x", Tensor::ones({1}))));
  CHECK(constant.reason == Reason::constant);
  CHECK(has(text_of(constant), "'x' is a constant"));
  CHECK(explain(w, w).reason == Reason::backward_not_run);
  const Inspect scope;
  CHECK(explain(sum(w), Var(w.detach())).cuts.size() == 1);
}

TEST_CASE("explain: whether a module holds the parameter") {
  seed(1);
  const testing::Net net;
  const nn::Linear stray(4, 1);
  const Var w = parameter("w");
  const testing::Blobs data;
  const Var loss = mean(square(net(data.x) - data.y)) + sum(w);
  CHECK(explain(loss, net.parameters()[0]).in_module);
  CHECK_FALSE(explain(loss, w).in_module);
  CHECK(has(text_of(explain(loss, w)), "belongs to no module"));
}

TEST_CASE("explain: which parameters of a module a loss reaches") {
  seed(1);
  const Inspect scope;
  const testing::Net old, net;
  const Var push = losses::inverse_l1(old.detach(), net);
  const int line = __LINE__ - 1;
  const Explanations to_net = explain(push, net.parameters());
  REQUIRE(to_net.parameters.size() == 4);
  for (const Explanation& e : to_net.parameters) CHECK(e.reason == Reason::backward_not_run);
  const Explanations to_old = explain(push, old.parameters());
  for (const Explanation& e : to_old.parameters) CHECK(e.reason == Reason::detach);
  const std::string text = text_of(to_old);
  INFO(text);
  CHECK(has(text, "\n'fc2.bias'    detach  -         all parameters, detached at " + here(line)));
}

TEST_CASE("explain: names with markup are text, and a capture is no place for it") {
  const Var w = parameter("<b>w</b>");
  CHECK(has(text_of(explain(sum(w), w)), "'<b>w</b>' is reached"));
  CHECK(fails_with([&] { capture([&] { explain(sum(w), w); }); }, "explain"));
}

TEST_CASE("explain: the audit before it is not taken for a backward") {
  const Inspect scope;
  const Var w = parameter("w");
  const Var loss = sum(w * w);
  audit({{"loss", loss}}, {w});
  CHECK(explain(loss, w).reason == Reason::backward_not_run);
}

TEST_CASE("cost: explain takes less than 50 milliseconds on a tape of 100,000 steps, reached or cut") {
  const auto milliseconds = [](const auto& action) {  // of the processor: others may be busy on this machine
    const std::clock_t begin = std::clock();
    action();
    return 1000. * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  for (const bool inspected : {false, true}) {
    CAPTURE(inspected);
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    const Var w = parameter("w"), v = parameter("v");
    const Tensor half = Tensor::from({0.5}, {1});
    Var loss = w * v.detach();
    for (int i = 1; i < 100'000; ++i) loss = i % 2 == 0 ? loss + w : loss * half;
    double reached = 1e9, cut = 1e9;
    for (int run = 0; run < 10; ++run) {
      reached = std::min(reached, milliseconds([&] { REQUIRE(explain(loss, w).has_path()); }));
      cut = std::min(cut, milliseconds([&] { REQUIRE(explain(loss, v).cuts.size() == (inspected ? 1 : 0)); }));
    }
    MESSAGE("reached: ", reached, " ms, cut: ", cut, " ms");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && defined(NDEBUG)
    CHECK(reached < 50);
    CHECK(cut < 50);
#endif
  }
}
