// The tape as inspection walks it: rows, what each step sent where, and the bytes it keeps.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/linear.hpp"
#include "tests/support/small_tape.hpp"

using namespace wengert;
using testing::parameter;
using testing::Small;

TEST_CASE("the tape's traversal: what each row was computed from, who reads it, and what it sent where") {
  const Small small;
  for (const bool after : {false, true}) {
    CAPTURE(after);
    if (after) backward(small.loss);
    const Tape tape(small.loss);
    REQUIRE(tape.rows().size() == 6);
    const Tape::Row &a = tape.row(1), &product = tape.row(3), &z = tape.row(4);
    CHECK(a.name() == "a");
    CHECK(std::string(product.op()) == "mul");
    CHECK(z.where().line > 0);
    CHECK(tape.readers(a) == std::vector<std::size_t>{3, 4});
    CHECK(tape.readers(tape.row(6)).empty());
    CHECK(a.gradient().has_value() == after);
    const std::vector<Tape::Input> from = tape.inputs(product);
    REQUIRE(from.size() == 2);
    CHECK(from[1].number == 2);
    CHECK(from[0].share.defined() == after);
    if (!after) continue;
    CHECK(from[0].share.to_vector() == std::vector<float>{24, 0});  // dz b
    CHECK(from[1].share.to_vector() == std::vector<float>{8, 0});   // dz a
    CHECK(from[0].local.to_vector() == std::vector<float>{3, -1});
    CHECK(tape.inputs(z)[1].share.to_vector() == std::vector<float>{8, 0});
    CHECK(a.gradient()->to_vector() == std::vector<float>{32, 0});  // the sum of both
  }
}

TEST_CASE("the shares of a step that uses one value twice are told apart, and gradients keep their bits") {
  const auto gradient = [](bool inspected) {
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    const Var x = Var::parameter(Tensor::from({0.3f, -1.7f, 2.9f}, {3}));
    const Var y = x * x;
    const Var loss = sum(y / (x + 5.0));
    backward(loss);
    if (inspected) {
      const Tape tape(loss);
      const std::vector<Tape::Input> from = tape.inputs(tape.row(2));
      CHECK(from[0].share.to_vector() == from[1].share.to_vector());
      CHECK(from[0].number == from[1].number);
    }
    return x.grad()->to_vector();
  };
  CHECK(gradient(true) == gradient(false));
}

TEST_CASE("a second backward's shares take the place of the first's, and a cleared gradient has none") {
  const Inspect scope;
  const Var a = parameter("a", {2});
  const Var doubled = a * 2.0;
  const Var loss = doubled * 5.0;
  backward(loss, {.retain_graph = true});
  backward(doubled);
  const Tape tape(loss);
  CHECK(tape.inputs(tape.row(2))[0].share.to_vector() == std::vector<float>{2});
  CHECK(a.grad()->to_vector() == std::vector<float>{12});
  doubled.zero_grad();
  CHECK_FALSE(tape.inputs(tape.row(2))[0].share.defined());
}

TEST_CASE("a rule that gives away what it keeps, or writes to a whole model's gradient, is looked at without harm") {
  const auto gradients = [](bool inspected) {
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    seed(3);
    nn::Linear old(2, 3), layer(2, 3);
    const Tensor x = randn({4, 2}), labels = Tensor::from({0, 2, 1, 1}, {4});
    const Var fit = losses::cross_entropy(layer(x), labels);
    const Var push = losses::inverse_l1(old.detach(), layer);
    const Var loss = fit + 3 * push;
    if (inspected) {
      const Tape tape(fit);
      CHECK(tape.kept_bytes(tape.row(tape.number(*fit.node()))) == 4 * 3 * sizeof(float));
    }
    backward(loss);
    if (inspected) {
      const Tape tape(loss);
      double sum = 0, share = 0;
      for (const Tape::Input& input : tape.inputs(tape.row(tape.number(*push.node())))) {
        if (input.share.defined()) share += norm_of(input.share) * norm_of(input.share);
      }
      for (std::size_t k = 0; k < 2; ++k) {
        const double distance = wengert::sum(abs(old.detach()[k] - layer.detach()[k])).item<double>();
        sum += 9 * static_cast<double>(layer.parameters()[k].numel()) / std::pow(distance, 4);
      }
      CHECK(share == doctest::Approx(sum));
    }
    std::vector<float> result = layer.weight.grad()->to_vector();
    for (const float value : layer.bias.grad()->to_vector()) result.push_back(value);
    return result;
  };
  CHECK(gradients(true) == gradients(false));
}

TEST_CASE("kept bytes: what rules save, each memory once, not parameters, and nothing after backward") {
  const Inspect scope;
  const Var x = Var::parameter(Tensor::ones({10, 4}));
  const Var w = Var::parameter(Tensor::ones({4, 6}));
  const Var h = matmul(x, w);     // saves two parameters
  const Var e = exp(h);           // saves its result: 60 floats
  const Var s = square(e);        // saves its operand, which exp keeps already
  const Var loss = sum(s + 1.0);  // save nothing
  {
    const NoGrad guard;
    const Var unrecorded = exp(h);  // is on no tape, and the next op keeps nothing of it
  }
  const Var more = loss + loss;
  const Tape tape(more);
  const auto kept = [&](const Var& var) { return tape.kept_bytes(tape.row(tape.number(*var.node()))); };
  CHECK(kept(h) == 0);
  CHECK(kept(e) == 240);
  CHECK(kept(s) == 0);
  CHECK(kept(more) == 0);
  CHECK(tape.kept_bytes() == 240);
  backward(more);
  CHECK(Tape(more).kept_bytes() == 0);
}

TEST_CASE("kept bytes are unknown of what no Inspect scope recorded") {
  const Var x = Var::parameter(Tensor::ones({3}));
  const Var y = exp(x);
  const Tape tape(y);
  CHECK_FALSE(tape.kept_bytes(tape.row(2)).has_value());
}

TEST_CASE("norms neither overflow nor hide a NaN") {
  CHECK(norm_of(Tensor::from({3., -4., 0.}, {3})) == 5);
  CHECK(norm_of(Tensor::from({3e200, 4e200}, {2}, DType::f64)) == doctest::Approx(5e200));
  CHECK(norm_of(Tensor::from({3e-200, 4e-200}, {2}, DType::f64)) == doctest::Approx(5e-200));
  CHECK(norm_of(Tensor::zeros({0})) == 0);
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(norm_of(Tensor::from({-inf, 1.}, {2})) == inf);
  CHECK(std::isnan(norm_of(Tensor::from({inf, std::nan("")}, {2}))));
}
