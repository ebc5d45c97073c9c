// 1 / sum|A - B| with no gradient into A: the loss that this project began with.
#include "losses/inverse_l1.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/backward.hpp"
#include "autograd/inspect/watch/anomaly.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "losses/bce.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using losses::inverse_l1, losses::inverse_l1_composed;
using testing::difference;
using testing::error_of;
using testing::fails_with;
using testing::gradient_of;
using testing::Net;

namespace {

// B with every entry moved away, so that S per parameter is near `distance`.
void move_away(const Net& b, const Net& a, double distance) {
  for (std::size_t k = 0; k < b.parameters().size(); ++k) {
    const Tensor from = a.detach()[k], to = b.parameters()[k].detach();
    to.assign(from + randn(from.shape()) * (distance / static_cast<double>(from.numel())));
  }
}

}  // namespace

TEST_CASE("fused and composed agree, also far away") {
  seed(3);
  const Net a, b;
  for (const double distance : {0.1, 1.0, 1e4}) {
    for (const Per per : {Per::tensor, Per::model}) {
      CAPTURE(distance);
      CAPTURE(static_cast<int>(per));
      move_away(b, a, distance);
      const Var fused = inverse_l1(a.detach(), b, {.per = per}),
                composed = inverse_l1_composed(a.detach(), b, {.per = per});
      CHECK(difference({fused.item<double>()}, {composed.item<double>()}, 1e-6) == "");
      CHECK(difference(gradient_of(b, fused), gradient_of(b, composed), 1e-6) == "");
    }
  }
}

TEST_CASE("the value is the sum over pairs of 1 / sum|A - B|, or of all at once") {
  seed(4);
  const Net a, b;
  double pairs = 0, all = 0;
  for (std::size_t k = 0; k < a.parameters().size(); ++k) {
    const auto left = a.parameters()[k].to_vector<double>(), right = b.parameters()[k].to_vector<double>();
    double s = 0;
    for (std::size_t i = 0; i < left.size(); ++i) s += std::abs(left[i] - right[i]);
    pairs += 1 / s;
    all += s;
  }
  CHECK(inverse_l1(a.detach(), b).item<double>() == doctest::Approx(pairs).epsilon(1e-6));
  CHECK(inverse_l1(a.detach(), b, {.per = Per::model}).item<double>() == doctest::Approx(1 / all).epsilon(1e-6));
  CHECK(inverse_l1(a.detach(), b, {.eps = 2, .per = Per::model}).item<double>() ==
        doctest::Approx(1 / (all + 2)).epsilon(1e-6));
}

// The loss does depend on A: a finite difference sees that. Autograd reports nothing, because it was told to cut this
// path; so the two must disagree, and by exactly what the cut took away: dA = -dB.
TEST_CASE("the finite difference disagrees with autograd on the detached side") {
  const Var a = Var::parameter(Tensor::from({1., 2.}, {2}, DType::f64));
  const Var b = Var::parameter(Tensor::from({1.5, 2.5}, {2}, DType::f64));
  backward(inverse_l1(a.detach(), b));
  CHECK_FALSE(a.grad().has_value());
  const auto value_at = [&](double shift) {
    const NoGrad guard;
    return inverse_l1(a.detach() + Tensor::from({shift, 0.}, {2}, DType::f64), b).item<double>();
  };
  const double h = 1e-6, numeric = (value_at(h) - value_at(-h)) / (2 * h);
  CHECK(numeric == doctest::Approx(1).epsilon(1e-6));  // S = 1, so -1 / S^2 * d|a - b| / da = 1
  CHECK(b.grad()->to_vector<double>()[0] == doctest::Approx(-numeric).epsilon(1e-6));
}

TEST_CASE("equal models: infinite forward, NaN backward, finite with eps") {
  seed(5);
  const Net a, b;
  b.assign(a.detach());
  const Var loss = inverse_l1(a.detach(), b);
  CHECK(std::isinf(loss.item()));
  for (const double g : gradient_of(b, loss)) CHECK(std::isnan(g));

  const Var finite = inverse_l1(a.detach(), b, {.eps = 0.5});
  CHECK(finite.item() == 8);
  for (const double g : gradient_of(b, finite)) CHECK(g == 0);
}

TEST_CASE("equal models in anomaly mode: the error names the pair, and what to do") {
  seed(5);
  const Net a, b;
  const auto error = [&](losses::InverseL1Options options) {
    return error_of([&] {
      const Anomaly anomaly;
      backward(inverse_l1(a.detach(), b, options));
    });
  };
  CHECK(error({}) == "no error");
  b.parameters()[0].detach().assign(a.parameters()[0].detach());
  CHECK(error({}).starts_with("anomaly mode: inverse_l1 (inverse_l1.cpp:"));
  CHECK(error({}).find(") gives inf: 1 / S with S = sum|A - B| = 0: the pair 'fc1.weight' is equal") !=
        std::string::npos);
  CHECK(error({.per = Per::model}) == "no error");
  CHECK(error({.eps = 0.5}) == "no error");

  b.assign(a.detach());
  CHECK(error({.per = Per::model}).find("the pair of all parameters is equal") != std::string::npos);
  const std::string gradient = error({.eps = 1e-25});  // 1e25 is a float, and its square is not
  CHECK(gradient.find("the gradient of inverse_l1 (inverse_l1.cpp:") != std::string::npos);
  CHECK(gradient.find("fc1.weight") != std::string::npos);
  CHECK(gradient.find("inf * 0. Start from other weights, or give a larger eps") != std::string::npos);
}

TEST_CASE("A is bit-identical after training B, even if an optimiser was given it") {
  for (const bool frozen : {false, true}) {
    CAPTURE(frozen);
    seed(6);
    const testing::Blobs data;
    const Net a, b;
    const auto before = a.detach().flat().to_vector();
    if (frozen) a.freeze();
    std::vector<Var> both = b.parameters();
    both.insert(both.end(), a.parameters().begin(), a.parameters().end());
    optim::SGD sgd(both, {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1});
    const auto b_before = b.detach().flat().to_vector();
    for (int i = 0; i < 20; ++i) {
      sgd.zero_grad();
      backward(losses::bce(b(data.x), data.y) + inverse_l1(a.detach(), b));
      sgd.step();
    }
    CHECK(a.detach().flat().to_vector() == before);
    CHECK(b.detach().flat().to_vector() != b_before);
  }
}

TEST_CASE("some parameters frozen, or with a gradient already: each gets its own share") {
  seed(7);
  const Net a, b;
  for (const Per per : {Per::tensor, Per::model}) {
    CAPTURE(static_cast<int>(per));
    const auto full = gradient_of(b, inverse_l1(a.detach(), b, {.per = per}));
    SUBCASE("frozen") {
      b.zero_grad();
      b.fc1.freeze();
      backward(inverse_l1(a.detach(), b, {.per = per}));
      CHECK_FALSE(b.fc1.weight.grad().has_value());
      const auto shared = b.fc2.weight.grad()->to_vector<double>();
      CHECK(shared == std::vector<double>(full.begin() + 12, full.begin() + 16));
      b.unfreeze();
    }
    SUBCASE("an earlier contribution to one") {
      b.zero_grad();
      backward(sum(b.fc2.weight));
      backward(inverse_l1(a.detach(), b, {.per = per}));
      CHECK(b.fc1.weight.grad()->to_vector<double>() == std::vector<double>(full.begin(), full.begin() + 8));
      CHECK(b.fc2.weight.grad()->to_vector<double>()[0] == doctest::Approx(full[12] + 1));
    }
  }
}

TEST_CASE("misuse names the pair and the way out") {
  struct Other : nn::Module {
    nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
  };
  const Net a, b;
  const Other other;
  CHECK(fails_with([&] { inverse_l1(other.detach(), b); }, "inverse_l1", "'fc1.weight' (3, 2)", "'fc1.weight' (4, 2)"));
  CHECK(fails_with([&] { inverse_l1(b.detach(), b); }, "inverse_l1", "same memory", "clone"));
  CHECK(fails_with([&] { inverse_l1(b.fc1.weight.detach(), b.fc1.weight); }, "same memory"));
  CHECK(fails_with([&] { inverse_l1(a.detach()[1], b.fc1.weight); }, "(4,)", "(4, 2)"));
  CHECK(fails_with([&] { inverse_l1(a.detach()[1], b.fc1.bias.detach()); }, "no gradient", "NoGrad"));
  b.freeze();
  CHECK(fails_with([&] { inverse_l1(a.detach(), b); }, "no gradient", "frozen", "NoGrad"));
  const NoGrad guard;
  CHECK(inverse_l1(a.detach(), b).item() > 0);
}
