// The cosine of parameters: its value, where its gradient goes, and what it cannot see.
#include "losses/cosine.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "losses/bce.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"
#include "tests/support/same_function.hpp"

using namespace wengert;
using losses::cosine;
using testing::difference;
using testing::gradient_of;
using testing::Net;

namespace {

struct Sums {
  double ab = 0, aa = 0, bb = 0;
  void add(const Tensor& a, const Tensor& b) {
    const auto left = a.to_vector<double>(), right = b.to_vector<double>();
    for (std::size_t i = 0; i < left.size(); ++i) {
      ab += left[i] * right[i];
      aa += left[i] * left[i];
      bb += right[i] * right[i];
    }
  }
  double cosine() const { return ab / std::sqrt(aa * bb); }
};

}  // namespace

TEST_CASE("cosine: the sum over pairs of a . b / (|a| |b|), or of all parameters at once") {
  seed(11);
  const Net a, b;
  double pairs = 0;
  Sums all;
  for (std::size_t k = 0; k < a.parameters().size(); ++k) {
    Sums pair;
    pair.add(a.detach()[k], b.detach()[k]);
    pairs += pair.cosine();
    all.add(a.detach()[k], b.detach()[k]);
  }
  CHECK(cosine(a.detach(), b).item<double>() == doctest::Approx(pairs).epsilon(1e-5));
  CHECK(cosine(a.detach(), b, {.per = Per::model}).item<double>() == doctest::Approx(all.cosine()).epsilon(1e-5));
  all.aa += 2;
  all.bb += 2;
  CHECK(cosine(a.detach(), b, {.eps = 2, .per = Per::model}).item<double>() ==
        doctest::Approx(all.cosine()).epsilon(1e-5));
}

TEST_CASE("cosine: a model's gradient is that of its parameters as vectors") {
  seed(12);
  const Net a, b;
  const Var flat = Var::parameter(b.detach().flat().clone());
  const auto whole = gradient_of(flat, cosine(a.detach().flat(), flat));
  CHECK(difference(gradient_of(b, cosine(a.detach(), b, {.per = Per::model})), whole, 1e-6) == "");

  std::vector<double> pairs;
  for (std::size_t k = 0; k < a.parameters().size(); ++k) {
    const Var& own = b.parameters()[k];
    for (const double g : gradient_of(own, cosine(a.detach()[k], own))) pairs.push_back(g);
  }
  CHECK(difference(gradient_of(b, cosine(a.detach(), b)), pairs, 1e-6) == "");
}

TEST_CASE("cosine: some parameters frozen, or with a gradient already: each gets its own share") {
  seed(13);
  const Net a, b;
  const auto full = gradient_of(b, cosine(a.detach(), b, {.per = Per::model}));
  b.zero_grad();
  SUBCASE("frozen") {
    b.fc1.freeze();
    backward(cosine(a.detach(), b, {.per = Per::model}));
    CHECK_FALSE(b.fc1.weight.grad().has_value());
    CHECK(b.fc2.weight.grad()->to_vector<double>() == std::vector<double>(full.begin() + 12, full.begin() + 16));
  }
  SUBCASE("an earlier contribution to one") {
    backward(sum(b.fc2.weight));
    backward(cosine(a.detach(), b, {.per = Per::model}));
    CHECK(b.fc1.weight.grad()->to_vector<double>() == std::vector<double>(full.begin(), full.begin() + 8));
    CHECK(b.fc2.weight.grad()->to_vector<double>()[0] == doctest::Approx(full[12] + 1));
  }
}

TEST_CASE("cosine: captured and eager steps leave the same bits") {
  const auto steps = [](bool captured) {
    seed(14);
    const testing::Blobs data;
    const Net a, b;
    optim::SGD sgd(b.parameters(), {.lr = 0.1});
    const auto step = [&] {
      sgd.zero_grad();
      backward(losses::bce(b(data.x), data.y) + cosine(a.detach(), b, {.per = Per::model}));
      sgd.step();
    };
    if (captured) {
      Capture capture = wengert::capture(step);
      for (int i = 1; i < 20; ++i) capture.replay();
    } else {
      for (int i = 0; i < 20; ++i) step();
    }
    return b.detach().flat().to_vector();
  };
  CHECK(steps(true) == steps(false));
}

TEST_CASE("cosine: parallel sides have no gradient, zero ones none that is a number") {
  const Tensor a = Tensor::from({3., 4.}, {2}, DType::f64);
  for (const double factor : {1., 2., -2.}) {
    CAPTURE(factor);
    const Var b = Var::parameter(a * factor);
    const Var c = cosine(a, b);
    CHECK(c.item<double>() == doctest::Approx(factor > 0 ? 1 : -1));
    for (const double g : gradient_of(b, c)) CHECK(std::abs(g) < 1e-15);
  }
  const Var zero = Var::parameter(Tensor::zeros({2}, DType::f64));
  CHECK(std::isnan(cosine(a, zero).item()));
  for (const double g : gradient_of(zero, cosine(a, zero))) CHECK(std::isnan(g));
  CHECK(cosine(a, zero, {.eps = 0.25}).item() == 0);
  const double length = std::sqrt(25.25);  // a / (|a| sqrt eps)
  CHECK(difference(gradient_of(zero, cosine(a, zero, {.eps = 0.25})), {3 / length / 0.5, 4 / length / 0.5}, 1e-14) ==
        "");
}

TEST_CASE("cosine: other weights of the same function are another model to it, or are the same as A to it") {
  seed(15);
  const testing::Blobs data;
  const Net a, copy;
  testing::assign_reordered(copy, a);
  CHECK(difference(copy(data.x).to_vector<double>(), a(data.x).to_vector<double>(), 1e-6) == "");
  CHECK(cosine(a.detach(), copy, {.per = Per::model}).item() < 0.9);

  testing::assign_rescaled(copy, a);
  CHECK(copy(data.x).to_vector() == a(data.x).to_vector());
  CHECK(cosine(a.detach(), copy, {.per = Per::model}).item() < 0.99);
  CHECK(cosine(a.detach(), copy).item() == doctest::Approx(4));  // 1 for each pair
}

TEST_CASE("cosine: the reference has moved since, by whichever handle, and that a neighbour has is no matter") {
  seed(17);
  const Net a, b;
  const auto stale = [](const Var& loss, const char* name) {
    return testing::fails_with([&] { backward(loss); }, "changed in place since", name);
  };
  optim::SGD sgd(a.parameters(), {.lr = 1});
  const auto step = [&] {
    sgd.zero_grad();
    backward(cosine(b.detach().clone(), a));
    sgd.step();
  };
  for (const Per per : {Per::tensor, Per::model}) {
    const Var loss = cosine(a.detach(), b, {.per = per});
    step();
    CHECK(stale(loss, per == Per::tensor ? "'fc" : ""));
  }
  const Var loss = cosine(a.detach()["fc1.weight"], b.fc1.weight);
  a.fc1.bias.detach().assign(Tensor::zeros({4}));
  a.detach()["fc2.weight"].assign(Tensor::zeros({1, 4}));
  a.fc2.detach().flat().assign(Tensor::zeros({5}));
  backward(loss);
  const Var seen = cosine(a.detach()["fc1.weight"], b.fc1.weight);
  a.detach()["fc1.weight"].assign(Tensor::ones({4, 2}));
  CHECK(stale(seen, "'fc1.weight'"));
  const Var of_module = cosine(a.fc1.detach(), b.fc1);
  a.assign(a.detach().clone());
  CHECK(stale(of_module, "'fc1."));
}
