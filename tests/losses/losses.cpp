// Values of the plain losses, and their errors.
#include <doctest/doctest.h>

#include <cmath>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/bce.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/mse.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::fails_with;

TEST_CASE("mse and bce of a few numbers") {
  const Tensor p = Tensor::from({0.25, 0.5}, {2}), t = Tensor::from({1., 0.}, {2});
  CHECK(losses::mse(p, t).item() == doctest::Approx((0.5625 + 0.25) / 2));
  CHECK(losses::bce(p, t).item() == doctest::Approx(-(std::log(0.25) + std::log(0.5)) / 2));
  const Tensor logits = log(p / (1 - p));
  CHECK(losses::bce_with_logits(logits, t).item() == doctest::Approx(losses::bce(p, t).item()));
  CHECK(losses::bce(Tensor::from({0., 1.}, {2}), t).item() == 100);  // certain and wrong: the logs are clamped
}

TEST_CASE("cross-entropy of labels is that of their one-hot probabilities") {
  const Tensor x = Tensor::from({1., -2., 0.5, 3., 0., 0.}, {2, 3}), labels = Tensor::from({2, 0}, {2});
  const Tensor one_hot = Tensor::from({0., 0., 1., 1., 0., 0.}, {2, 3});
  const auto log_p = log_softmax(x).to_vector<double>();
  CHECK(losses::cross_entropy(x, labels).item() == doctest::Approx(-(log_p[2] + log_p[3]) / 2));
  CHECK(losses::soft_cross_entropy(x, one_hot).item() == doctest::Approx(losses::cross_entropy(x, labels).item()));
}

TEST_CASE("wrong shapes, dtypes and labels") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK(fails_with([&] { losses::mse(x, Tensor::zeros({3, 2})); }, "mse", "(2, 3)", "(3, 2)"));
  CHECK(fails_with([&] { losses::bce(x, x.to(DType::f64)); }, "bce", "float32", "float64"));
  CHECK(fails_with([&] { losses::cross_entropy(x, Tensor::from({0, 1, 2}, {3})); }, "cross_entropy", "(2, 3)", "(3,)"));
  CHECK(fails_with([&] { losses::cross_entropy(x, Tensor::from({0., 1.}, {2})); }, "int32", "float32"));
  CHECK(fails_with([&] { losses::cross_entropy(x, Tensor::from({0, 3}, {2})); }, "label 3 of row 1", "3 classes"));
  CHECK(fails_with([&] { losses::cross_entropy(x, Tensor::from({-1, 0}, {2})); }, "label -1 of row 0"));
  CHECK(fails_with([&] { losses::soft_cross_entropy(x, Tensor::zeros({2, 2})); }, "soft_cross_entropy", "(2, 2)"));
}
