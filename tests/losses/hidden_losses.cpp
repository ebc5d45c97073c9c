// hidden_cka and hidden_cosine: losses that push hidden activations apart.
#include <doctest/doctest.h>

#include <cmath>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/hidden_cka.hpp"
#include "losses/hidden_cosine.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"

using namespace wengert;
using losses::hidden_cka, losses::hidden_cosine;
using testing::fails_with;
using testing::gradient_of;

namespace {

using Matrix = std::vector<std::vector<double>>;

Tensor normal(const Shape& shape) { return randn(shape, 0, 1, DType::f64); }

Matrix centred(const Tensor& x) {
  const auto values = x.to_vector<double>();
  const auto rows = static_cast<std::size_t>(x.shape()[0]), units = static_cast<std::size_t>(x.shape()[1]);
  Matrix result(rows, std::vector<double>(units));
  for (std::size_t c = 0; c < units; ++c) {
    double mean = 0;
    for (std::size_t r = 0; r < rows; ++r) mean += values[r * units + c] / static_cast<double>(rows);
    for (std::size_t r = 0; r < rows; ++r) result[r][c] = values[r * units + c] - mean;
  }
  return result;
}

// The sum of squares of all products of a column of x with one of y.
double squared_products(const Matrix& x, const Matrix& y) {
  double total = 0;
  for (std::size_t i = 0; i < x[0].size(); ++i) {
    for (std::size_t j = 0; j < y[0].size(); ++j) {
      double product = 0;
      for (std::size_t r = 0; r < x.size(); ++r) product += x[r][i] * y[r][j];
      total += product * product;
    }
  }
  return total;
}

double cka_by_definition(const Tensor& a, const Tensor& b) {
  const Matrix x = centred(a), y = centred(b);
  return squared_products(x, y) / std::sqrt(squared_products(x, x) * squared_products(y, y));
}

// The units in another order: the last half first.
Tensor reordered(const Tensor& x) {
  const std::int64_t units = x.shape()[1];
  return cat({slice(x, 1, units / 2, units), slice(x, 1, 0, units / 2)}, 1);
}

}  // namespace

TEST_CASE("hidden_cka: the definition, whichever matrices are the smaller") {
  seed(22);
  struct Sizes {
    Shape x, y;
  };
  for (const Sizes& sizes : std::vector<Sizes>{{{4, 7}, {4, 5}}, {{20, 3}, {20, 2}}, {{5, 1}, {5, 30}}}) {
    CAPTURE(sizes.x);
    const Tensor x = normal(sizes.x);
    const Var y = Var::parameter(normal(sizes.y));
    CHECK(hidden_cka(x, y, {.eps = 0}).item<double>() == doctest::Approx(cka_by_definition(x, y.detach())));
  }
}

TEST_CASE("hidden_cka: a rotation, a factor and a shift are the same to it, and have no gradient") {
  seed(23);
  for (const std::int64_t rows : {4, 20}) {  // by rows, and by units
    CAPTURE(rows);
    const Tensor x = normal({rows, 3});
    const Tensor turn = Tensor::from({0.6, -0.8, 0., 0.8, 0.6, 0., 0., 0., 1.}, {3, 3}, DType::f64);
    for (const Tensor& same : {x.clone(), reordered(x), matmul(x, turn) * 3 + 1}) {
      const Var y = Var::parameter(same);
      CHECK(hidden_cka(x, y).item<double>() == doctest::Approx(1));
      for (const double g : gradient_of(y, hidden_cka(x, y))) CHECK(std::abs(g) < 1e-7);
    }
  }
}

TEST_CASE("hidden_cka: a side that is constant over the batch counts 0 without gradient, and 0 / 0 without an eps") {
  seed(24);
  const Tensor x = normal({6, 3}), constant = Tensor::full({6, 3}, 0.5, DType::f64);
  const Var y = Var::parameter(normal({6, 3})), dead = Var::parameter(constant.clone());
  CHECK(hidden_cka(x, dead).item() == 0);
  CHECK(gradient_of(dead, hidden_cka(x, dead)) == std::vector<double>(18, 0));
  CHECK(hidden_cka(constant, y).item() == 0);
  CHECK(gradient_of(y, hidden_cka(constant, y)) == std::vector<double>(18, 0));
  CHECK(std::isnan(hidden_cka(x, dead, {.eps = 0}).item()));
  CHECK(std::isnan(gradient_of(dead, hidden_cka(x, dead, {.eps = 0}))[0]));
}

TEST_CASE("hidden_cka: two rows are always alike, and a unit that nobody reads is enough to lower it") {
  seed(25);
  CHECK(hidden_cka(normal({2, 5}), Var::parameter(normal({2, 4}))).item() == doctest::Approx(1));
  const Tensor x = normal({20, 3}), noise = normal({20, 1}) * 100;
  CHECK(hidden_cka(x, Var::parameter(cat({x, noise}, 1))).item() < 0.5);
}

TEST_CASE("hidden_cosine: the mean over rows") {
  const Tensor x = Tensor::from({3., 4., 1., 0.}, {2, 2}, DType::f64);
  const Var y = Var::parameter(Tensor::from({4., 3., 0., 2.}, {2, 2}, DType::f64));
  CHECK(hidden_cosine(x, y, {.eps = 0}).item<double>() == doctest::Approx((24. / 25 + 0) / 2));
}

TEST_CASE("hidden_cosine: equal rows have no gradient, units in another order are another model") {
  seed(26);
  const Tensor x = abs(normal({5, 4}));
  const Var same = Var::parameter(x.clone());
  CHECK(hidden_cosine(x, same).item<double>() == doctest::Approx(1));
  for (const double g : gradient_of(same, hidden_cosine(x, same))) CHECK(std::abs(g) < 1e-7);
  CHECK(hidden_cosine(x, Var::parameter(reordered(x))).item() < 0.95);
}

TEST_CASE(
    "hidden_cosine: a row without an active unit counts 0, and ReLU passes nothing on, but 0 / 0 without an eps") {
  const Tensor x = Tensor::from({1., 1., 1., 1.}, {2, 2}, DType::f64);
  const Var before = Var::parameter(Tensor::from({-1., -2., 1., 1.}, {2, 2}, DType::f64));
  CHECK(hidden_cosine(x, relu(before)).item<double>() == doctest::Approx(0.5));
  const auto gradient = gradient_of(before, hidden_cosine(x, relu(before)));
  CHECK(gradient[0] == 0);
  CHECK(gradient[1] == 0);
  const Var dead = Var::parameter(Tensor::zeros({2, 2}, DType::f64));
  const double expected = 0.5 / std::sqrt(2.25) / 0.5;  // x / (rows |x| sqrt eps)
  for (const double g : gradient_of(dead, hidden_cosine(x, dead, {.eps = 0.25}))) CHECK(g == doctest::Approx(expected));
  CHECK(std::isnan(hidden_cosine(x, relu(before), {.eps = 0}).item()));
}

TEST_CASE("hidden losses: wrong shapes and dtypes") {
  const Var y = Var::parameter(Tensor::ones({4, 3}));
  CHECK(fails_with([&] { hidden_cka(Tensor::ones({5, 3}), y); }, "hidden_cka", "same rows", "(5, 3)", "(4, 3)"));
  CHECK(fails_with([&] { hidden_cka(Tensor::ones({4}), y); }, "hidden_cka", "(4,)"));
  CHECK(fails_with([&] { hidden_cka(Tensor::ones({4, 3}, DType::f64), y); }, "hidden_cka", "float64", "float32"));
  CHECK(fails_with([&] { hidden_cosine(Tensor::ones({4, 2}), y); }, "hidden_cosine", "alike", "(4, 2)", "(4, 3)"));
  const Var vector = Var::parameter(Tensor::ones({3}));
  CHECK(fails_with([&] { hidden_cosine(Tensor::ones({3}), vector); }, "hidden_cosine", "(rows, units)", "(3,)"));
}
