// inverse_ce, negative_ce and ncl: losses that push predictions apart.
#include <doctest/doctest.h>

#include <cmath>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_ce.hpp"
#include "losses/ncl.hpp"
#include "losses/negative_ce.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"

using namespace wengert;
using losses::inverse_ce, losses::negative_ce, losses::ncl;
using testing::fails_with;
using testing::gradient_of;

namespace {

Tensor normal(const Shape& shape) { return randn(shape, 0, 1, DType::f64); }

// The definition: the mean over rows of (f_k - F) . sum over j < k of (f_j - F).
double ncl_by_definition(const std::vector<Tensor>& earlier, const Tensor& trained) {
  const auto last = trained.to_vector<double>();
  std::vector<double> mean = last, others(last.size(), 0);
  const double members = static_cast<double>(earlier.size()) + 1;
  for (const Tensor& member : earlier) {
    const auto values = member.to_vector<double>();
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += values[i];
  }
  for (double& value : mean) value /= members;
  for (const Tensor& member : earlier) {
    const auto values = member.to_vector<double>();
    for (std::size_t i = 0; i < mean.size(); ++i) others[i] += values[i] - mean[i];
  }
  double total = 0;
  for (std::size_t i = 0; i < mean.size(); ++i) total += (last[i] - mean[i]) * others[i];
  return total / static_cast<double>(trained.shape()[0]);
}

}  // namespace

TEST_CASE("inverse_ce and negative_ce: 1 / C and -C of the cross-entropy C") {
  seed(17);
  const Tensor p = softmax(normal({4, 3}));
  const Var x = Var::parameter(normal({4, 3}));
  const double c = losses::soft_cross_entropy(x.detach(), p).item<double>();
  CHECK(inverse_ce(p, x).item<double>() == doctest::Approx(1 / c));
  CHECK(inverse_ce(p, x, {.eps = 0.5}).item<double>() == doctest::Approx(1 / (c + 0.5)));
  CHECK(negative_ce(p, x).item<double>() == doctest::Approx(-c));
}

TEST_CASE("inverse_ce and negative_ce: equal outputs have a finite value and no gradient") {
  seed(18);
  const Tensor logits = normal({4, 3}), p = softmax(logits);
  const Var same = Var::parameter(logits.clone());
  const double entropy = losses::soft_cross_entropy(logits, p).item<double>();
  CHECK(inverse_ce(p, same).item<double>() == doctest::Approx(1 / entropy));
  for (const double g : gradient_of(same, inverse_ce(p, same))) CHECK(std::abs(g) < 1e-15);
  for (const double g : gradient_of(same, negative_ce(p, same))) CHECK(std::abs(g) < 1e-15);
}

TEST_CASE("inverse_ce: certain and equal is 1 / 0, unless there is an eps") {
  const Tensor p = Tensor::from({1., 0.}, {1, 2});
  const Var certain = Var::parameter(Tensor::from({200., 0.}, {1, 2}));
  CHECK(std::isinf(inverse_ce(p, certain).item()));
  CHECK(std::isnan(gradient_of(certain, inverse_ce(p, certain))[0]));
  CHECK(inverse_ce(p, certain, {.eps = 0.5}).item() == 2);
  CHECK(gradient_of(certain, inverse_ce(p, certain, {.eps = 0.5})) == std::vector<double>{0, 0});
}

TEST_CASE(
    "inverse_ce fades as the outputs part, and negative_ce falls without bound, at a gradient that does not fade") {
  const Tensor p = Tensor::from({1., 0.}, {1, 2});
  const auto pull = [&](double by, const auto& loss) {
    const Var wrong = Var::parameter(Tensor::from({-by, 0.}, {1, 2}));
    return std::abs(gradient_of(wrong, loss(wrong))[0]);
  };
  const auto inverse = [&](const Var& x) { return inverse_ce(p, x); };
  const auto negative = [&](const Var& x) { return negative_ce(p, x); };
  CHECK(pull(10, inverse) / pull(100, inverse) == doctest::Approx(100).epsilon(0.01));
  CHECK(pull(100, negative) == doctest::Approx(1));
  CHECK(negative_ce(p, Var::parameter(Tensor::from({-1000., 0.}, {1, 2}))).item() == -1000);
}

// The base loss and negative_ce against a model that is sure and right, at strength 1: nothing is left.
TEST_CASE("negative_ce undoes the cross-entropy where the earlier model is right") {
  seed(19);
  const Var x = Var::parameter(normal({2, 3}));
  const Tensor labels = Tensor::from({2, 0}, {2}), sure = Tensor::from({0., 0., 1., 1., 0., 0.}, {2, 3}, DType::f64);
  const Var both = losses::cross_entropy(x, labels) + negative_ce(sure, x);
  CHECK(std::abs(both.item<double>()) < 1e-15);
  for (const double g : gradient_of(x, both)) CHECK(std::abs(g) < 1e-15);
}

TEST_CASE("ncl: (f_k - F) . sum over j < k of (f_j - F), in the mean over rows") {
  seed(20);
  std::vector<Tensor> earlier;
  const Var f = Var::parameter(softmax(normal({5, 3})));
  for (int k = 1; k <= 3; ++k) {
    earlier.push_back(softmax(normal({5, 3})));
    CHECK(ncl(earlier, f).item<double>() == doctest::Approx(ncl_by_definition(earlier, f.detach())));
  }
}

TEST_CASE("ncl: 0 and without gradient at the earlier members' mean, least where all are certain of something else") {
  seed(21);
  const Tensor p = softmax(normal({5, 3}));
  const Var same = Var::parameter(p.clone());
  CHECK(ncl({p}, same).item() == 0);
  CHECK(gradient_of(same, ncl({p}, same)) == std::vector<double>(15, 0));
  const Tensor one = Tensor::from({1., 0.}, {1, 2});
  CHECK(ncl({one, one}, Var::parameter(Tensor::from({0., 1.}, {1, 2}))).item() == doctest::Approx(-2 * 4. / 9));
}

TEST_CASE("ncl: without an earlier member there is nothing to be away from") {
  const Var f = Var::parameter(Tensor::full({2, 2}, 0.5));
  CHECK(fails_with([&] { ncl(std::vector<Tensor>{}, f); }, "ncl", "no earlier member"));
  CHECK(fails_with([&] { ncl({Tensor::ones({2, 3})}, f); }, "ncl", "(2, 3)", "(2, 2)"));
  const Var vector = Var::parameter(Tensor::full({2}, 0.5));
  CHECK(fails_with([&] { ncl({Tensor::ones({2})}, vector); }, "ncl", "(rows, classes)", "(2,)"));
}
