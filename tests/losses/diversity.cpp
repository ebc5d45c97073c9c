// What holds for every loss that pushes a model away from earlier ones.
#include <doctest/doctest.h>

#include <functional>

#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "losses/correlation.hpp"
#include "losses/cosine.hpp"
#include "losses/hidden_cka.hpp"
#include "losses/hidden_cosine.hpp"
#include "losses/inverse_ce.hpp"
#include "losses/inverse_l1.hpp"
#include "losses/mean_over.hpp"
#include "losses/ncl.hpp"
#include "losses/negative_ce.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::difference;
using testing::fails_with;
using testing::gradient_of;
using testing::Net;

namespace {

struct OfTensors {
  const char* name;
  std::function<Var(const Tensor&, const Var&)> loss;
};
const std::vector<OfTensors> of_tensors{
    {"inverse_l1", [](const Tensor& a, const Var& b) { return losses::inverse_l1(a, b); }},
    {"cosine", [](const Tensor& a, const Var& b) { return losses::cosine(a, b); }},
    {"correlation", [](const Tensor& a, const Var& b) { return losses::correlation(a, b); }},
    {"inverse_ce", [](const Tensor& a, const Var& b) { return losses::inverse_ce(a, b); }},
    {"negative_ce", [](const Tensor& a, const Var& b) { return losses::negative_ce(a, b); }},
    {"hidden_cka", [](const Tensor& a, const Var& b) { return losses::hidden_cka(a, b); }},
    {"hidden_cosine", [](const Tensor& a, const Var& b) { return losses::hidden_cosine(a, b); }},
    {"ncl", [](const Tensor& a, const Var& b) { return losses::ncl({a}, b); }},
};

struct OfModels {
  const char* name;
  std::function<Var(const nn::Weights&, const nn::Module&, Per)> loss;
};
const std::vector<OfModels> of_models{
    {"inverse_l1", [](const nn::Weights& a, const nn::Module& b,
                      Per per) { return losses::inverse_l1(a, b, {.eps = 0.1, .per = per}); }},
    {"cosine",
     [](const nn::Weights& a, const nn::Module& b, Per per) { return losses::cosine(a, b, {.eps = 0.1, .per = per}); }},
    {"correlation", [](const nn::Weights& a, const nn::Module& b,
                       Per per) { return losses::correlation(a, b, {.eps = 0.1, .per = per}); }},
};

}  // namespace

TEST_CASE("diversity: misuse is an error that names the loss and the way out") {
  seed(27);
  const Tensor a = softmax(randn({4, 3}));
  const Var b = Var::parameter(randn({4, 3}));
  for (const OfTensors& one : of_tensors) {
    CAPTURE(one.name);
    CHECK(fails_with([&] { one.loss(randn({5, 3}), b); }, one.name, "(5, 3)", "(4, 3)"));
    CHECK(fails_with([&] { one.loss(a.to(DType::f64), b); }, one.name, "float64", "float32"));
    CHECK(fails_with([&] { one.loss(b.detach(), b); }, one.name, "same memory", "clone"));
    CHECK(fails_with([&] { one.loss(a, Var(b.detach())); }, one.name, "no gradient", "frozen", "NoGrad"));
    const NoGrad guard;
    CHECK_FALSE(one.loss(a, Var(b.detach())).requires_grad());
  }
}

TEST_CASE("diversity: misuse of models names the loss too") {
  struct Other : nn::Module {
    nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
  };
  const Net a, b;
  const Other other;
  for (const OfModels& one : of_models) {
    CAPTURE(one.name);
    b.unfreeze();
    CHECK(fails_with([&] { one.loss(other.detach(), b, Per::model); }, one.name, "'fc1.weight' (3, 2)"));
    CHECK(fails_with([&] { one.loss(b.detach(), b, Per::tensor); }, one.name, "same memory", "clone"));
    b.freeze();
    CHECK(fails_with([&] { one.loss(a.detach(), b, Per::tensor); }, one.name, "no gradient", "frozen"));
    const NoGrad guard;
    CHECK_FALSE(one.loss(a.detach(), b, Per::model).requires_grad());
  }
}

TEST_CASE("diversity: no gradient reaches the reference") {
  seed(28);
  const Net a, b;
  for (const OfModels& one : of_models) {
    for (const Per per : {Per::tensor, Per::model}) {
      b.zero_grad();
      backward(one.loss(a.detach(), b, per));
      for (const Var& parameter : a.parameters()) CHECK_FALSE(parameter.grad().has_value());
      for (const Var& parameter : b.parameters()) CHECK(parameter.grad().has_value());
    }
  }
}

TEST_CASE("diversity: against several earlier members, the mean of the losses") {
  seed(29);
  const Net first, second, b;
  const std::vector<nn::Weights> earlier{first.detach(), second.detach()};
  const auto loss = [&](const nn::Weights& a) { return losses::cosine(a, b); };
  const Var mean = losses::mean_over(earlier, loss);
  CHECK(mean.item() == doctest::Approx((loss(earlier[0]).item() + loss(earlier[1]).item()) / 2));
  auto halves = gradient_of(b, loss(earlier[0]));
  const auto others = gradient_of(b, loss(earlier[1]));
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = (halves[i] + others[i]) / 2;
  CHECK(difference(gradient_of(b, mean), halves, 1e-5) == "");
  CHECK(fails_with([&] { losses::mean_over(std::vector<nn::Weights>{}, loss); }, "mean_over", "no earlier member"));
}

TEST_CASE("devices: the diversity losses and their gradients are the CPU's") {
  seed(30);
  const Tensor a = softmax(randn({6, 4})), b = randn({6, 4});
  for (const Device device : testing::other_devices()) {
    CAPTURE(device);
    for (const OfTensors& one : of_tensors) {
      CAPTURE(one.name);
      const Var here = Var::parameter(b.clone()), there = Var::parameter(b.to(device));
      const Var expected = one.loss(a, here), got = one.loss(a.to(device), there);
      CHECK(got.device() == device);
      CHECK(got.item() == doctest::Approx(expected.item()).epsilon(1e-5));
      CHECK(difference(gradient_of(there, got), gradient_of(here, expected), 1e-5) == "");
    }
  }
}

TEST_CASE("devices: the losses of models' parameters, and their gradients, are the CPU's") {
  seed(31);
  for (const Device device : testing::other_devices()) {
    CAPTURE(device);
    const Net a, b;
    Net far_a, far_b;
    far_a.assign(a.detach());
    far_b.assign(b.detach());
    far_a.to(device);
    far_b.to(device);
    for (const OfModels& one : of_models) {
      for (const Per per : {Per::tensor, Per::model}) {
        CAPTURE(one.name);
        CAPTURE(static_cast<int>(per));
        const Var expected = one.loss(a.detach(), b, per), got = one.loss(far_a.detach(), far_b, per);
        CHECK(got.item() == doctest::Approx(expected.item()).epsilon(1e-5));
        CHECK(difference(gradient_of(far_b, got), gradient_of(b, expected), 1e-5) == "");
      }
    }
  }
}
