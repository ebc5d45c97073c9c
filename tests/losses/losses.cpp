// Values of the plain losses, and their errors.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
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

// The gradient is ready since the forward pass, and its memory becomes the logits' gradient where that can be.
TEST_CASE("cross-entropy's gradient arrives scaled, added up, and as often as it is asked for") {
  const Tensor x = Tensor::from({1., -2., 0.5, 3., 0., 0.}, {2, 3}, DType::f64), labels = Tensor::from({2, 0}, {2});
  const std::vector<double> p = softmax(x).to_vector<double>();
  std::vector<double> wanted;  // (softmax - one hot) / rows
  for (std::size_t i = 0; i < 6; ++i) wanted.push_back((p[i] - (i == 2 || i == 3 ? 1. : 0.)) / 2);
  const Var leaf = Var::parameter(x.clone());
  const auto expect = [&](double factor, const std::function<void()>& steps) {
    leaf.zero_grad();
    steps();
    const std::vector<double> got = leaf.grad()->to_vector<double>();
    for (std::size_t i = 0; i < 6; ++i) CHECK(got[i] == doctest::Approx(factor * wanted[i]).epsilon(1e-12));
  };
  for (const bool of_leaf : {true, false}) {
    CAPTURE(of_leaf);
    const auto loss = [&] { return losses::cross_entropy(of_leaf ? leaf : leaf * 1, labels); };
    expect(1, [&] { backward(loss()); });
    expect(-3, [&] { backward(-3 * loss()); });
    expect(2, [&] {
      backward(loss());
      backward(loss());
    });
    expect(3, [&] {
      const Var logits = of_leaf ? leaf : leaf * 1;
      const Var first = losses::cross_entropy(logits, labels);
      const Var second = losses::cross_entropy(logits, labels);
      backward(first + 2 * second);
    });
    expect(15, [&] {
      const Var once = 5 * loss();
      backward(once, {.retain_graph = true});
      backward(once, {.retain_graph = true});
      backward(once);
    });
  }
}

TEST_CASE("cross-entropy: a captured step goes on writing where the gradient was, whatever happens in between") {
  const Var leaf = Var::parameter(Tensor::from({1., 2., 3., 0.}, {2, 2}));
  const Tensor labels = Tensor::from({1, 1}, {2});
  const auto step = [&] {
    leaf.zero_grad();
    backward(losses::cross_entropy(leaf, labels));
  };
  step();
  const std::vector<float> wanted = leaf.grad()->to_vector();
  Capture captured = capture(step);
  step();
  leaf.grad()->assign(Tensor::zeros({2, 2}));
  captured.replay();
  CHECK(leaf.grad()->to_vector() == wanted);
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
