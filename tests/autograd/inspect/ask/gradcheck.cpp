// gradcheck as its users meet it: right gradients pass, and wrong ones are told with entry, ratio and likely cause.
#include "autograd/inspect/ask/gradcheck.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "autograd/capture.hpp"
#include "autograd/launch.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/record.hpp"
#include "kernels/ops/layout/layout.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using testing::fails_with;
using testing::has;
using Vars = std::vector<Var>;

namespace {

// x^2 by someone whose rule is `factor` times right.
Var square_with(double factor, Operand x) {
  const Tensor y = square(x.value);
  const auto rule = [factor, x = x.value](const Tensor& dy, const Sinks& dx) {
    const Tensor share = dy * x * (2 * factor);
    launch<&kernels::copy<double>>(share.numel(), share, dx[0]);
  };
  return record("square_with", y, rule, x);
}

std::string text_of(const Gradcheck& result) {
  std::ostringstream out;
  out << result;
  return out.str();
}

// The one mismatch's text, of a function of x = (0.7, 1.3, -2).
std::string told(const std::function<Var(const Var&)>& f) {
  const Tensor x = named("x", Tensor::from({0.7, 1.3, -2.}, {3}));
  return text_of(gradcheck([&](const Vars& v) { return f(v[0]); }, {x}));
}

}  // namespace

TEST_CASE("gradcheck: right gradients pass, entry by entry and along directions") {
  const Tensor x = Tensor::from({0.7, 1.3, -2., 0.1, 5., 2.}, {2, 3}), w = Tensor::from({1., 2., 3.}, {3, 1});
  const auto f = [](const Vars& v) { return tanh(matmul(v[0], v[1])) * exp(v[0]); };
  const Gradcheck entries = gradcheck(f, {x, w});
  CHECK(text_of(entries) == "gradcheck: 0 of 9 slopes differ\n");
  CHECK(entries.passed());
  CHECK(entries.largest > 1);
  const Gradcheck directions = gradcheck(f, {x, w}, {.along = GradcheckOptions::Along::directions});
  CHECK(directions.passed());
  CHECK(directions.checked == 2);
}

TEST_CASE("gradcheck: a wrong rule is told with the entry, both slopes, their ratio and the likely cause") {
  const Tensor x = named("x", Tensor::from({0.7, 1.3, -2., 3.}, {2, 2}));
  const Gradcheck result = gradcheck([](const Vars& v) { return sum(square_with(2, v[0])); }, {x});
  REQUIRE(result.mismatches.size() == 4);
  const Gradcheck::Mismatch& third = result.mismatches[2];
  CHECK(third.input == "x");
  CHECK(third.entry == std::vector<std::int64_t>{1, 0});
  CHECK(*third.analytic / third.numeric == doctest::Approx(2));
  CHECK(third.ratio == doctest::Approx(2));
  CHECK(has(text_of(result), "\n  x[1][0]: analytic "));
  CHECK(has(text_of(result), ", ratio 2; likely a factor 2"));
  CHECK(has(told([](const Var& v) { return square_with(0.5, v); }), "likely a factor 1/2"));
  CHECK(has(told([](const Var& v) { return square_with(-1, v); }), "ratio -1; likely the sign"));
  CHECK(has(told([](const Var& v) { return square_with(1. / 3, v); }), "likely a factor 3, a number of elements"));
  CHECK(has(told([](const Var& v) { return square_with(0, v); }), "likely the gradient is zero"));
  CHECK(has(told([](const Var& v) { return square_with(1.23, v); }), "ratio 1.23\n"));
  CHECK(gradcheck([](const Vars& v) { return square_with(1, v[0]); }, {x}).passed());
}

TEST_CASE("gradcheck: an error in a small gradient beside a large one is found") {
  const Tensor large = Tensor::from({1.}, {1}), small = Tensor::from({1.}, {1});
  const auto f = [](const Vars& v) { return v[0] + square_with(2, v[1]) * 1e-5; };
  const Gradcheck result = gradcheck(f, {large, small});
  REQUIRE(result.mismatches.size() == 1);
  CHECK(result.mismatches[0].input == "input 1");
}

TEST_CASE("gradcheck: causes that more evaluations show") {
  SUBCASE("a kink, but not a curve at its lowest point") {
    const Tensor zero = Tensor::from({0.}, {1});
    CHECK(has(text_of(gradcheck([](const Vars& v) { return relu(v[0]); }, {zero})), "likely a kink"));
    CHECK(gradcheck([](const Vars& v) { return square(v[0]); }, {zero}).passed());
  }
  SUBCASE("a detach, by its line") {
    const std::string text = told([](const Var& v) { return sum(v * v.detach()); });
    const int line = __LINE__ - 1;
    INFO(text);
    CHECK(has(text, "ratio 0.5; likely a cut: "));
    CHECK(has(text, "detached at gradcheck.cpp:" + std::to_string(line)));
  }
  SUBCASE("no gradient at all: absent is not zero") {
    const std::string text = told([](const Var& v) { return Var(exp(v.detach())); });
    INFO(text);
    CHECK(has(text, "analytic absent"));
    CHECK(has(text, "likely a cut: "));
  }
  SUBCASE("f is random, or keeps a state") {
    double state = 0;
    CHECK(has(told([&](const Var& v) { return v * (state += 0.5); }), "at the same place: it is random"));
  }
  SUBCASE("f is not finite, or its gradient is not") {
    CHECK(has(told([](const Var& v) { return log(v); }), "likely f is not finite here"));
    const Tensor zero = Tensor::from({0.}, {1});
    const auto f = [](const Vars& v) { return sqrt(square(v[0]) * v[0].detach()) + v[0]; };
    CHECK_FALSE(gradcheck(f, {zero}).passed());
  }
}

TEST_CASE("gradcheck: it tells ten, leaves the generator alone, and says when nothing was tested") {
  const Tensor x = Tensor::full({4, 3}, 0.5);
  const std::string text = text_of(gradcheck([](const Vars& v) { return square_with(2, v[0]); }, {x}));
  CHECK(has(text, "12 of 12 slopes differ"));
  CHECK(has(text, "\n  and 2 more\n"));
  CHECK(gradcheck([](const Vars& v) { return v[0] * 0.0; }, {x}).largest == 0);
  seed(5);
  const std::vector<float> wanted = rand({3}).to_vector();
  seed(5);
  gradcheck([](const Vars& v) { return v[0]; }, {x});
  CHECK(rand({3}).to_vector() == wanted);
}

TEST_CASE("gradcheck: errors") {
  const Tensor x = Tensor::ones({2});
  const auto same = [](const Vars& v) { return v[0]; };
  CHECK(fails_with([&] { gradcheck(same, {}); }, "at least one input"));
  CHECK(fails_with([&] { gradcheck(same, {x}, {.step = 0}); }, "step"));
  CHECK(fails_with([&] { gradcheck(same, {x}, {.tolerance = -1}); }, "tolerance"));
  CHECK(fails_with([&] { gradcheck(same, {Tensor::from({1, 2}, {2})}); }, "int32"));
  CHECK(fails_with([&] { gradcheck([&](const Vars& v) { return v[0] * x; }, {x}); }, "dtypes differ"));
  CHECK(fails_with([&] { capture([&] { gradcheck(same, {x}); }); }, "gradcheck"));
}

TEST_CASE("gradcheck: where one slope is infinite, that one differs, and the others are still compared") {
  const Tensor x = Tensor::from({1e-5, 2., 3., 4.}, {4}, DType::f64);
  const Gradcheck found = gradcheck([](const auto& in) { return log(in[0]) + square(in[0].detach()); }, {x});
  CHECK(found.mismatches.size() == 4);
  CHECK(std::isfinite(found.largest));
}
