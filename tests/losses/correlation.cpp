// The correlation of parameters: a cosine that ignores a common shift.
#include "losses/correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/cosine.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_of.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using losses::correlation;
using testing::difference;
using testing::fails_with;
using testing::gradient_of;
using testing::Net;

TEST_CASE("correlation: of a few numbers") {
  const Tensor a = Tensor::from({1., 2., 6.}, {3}, DType::f64);               // deviations -2, -1, 3
  const Var b = Var::parameter(Tensor::from({4., 1., 1.}, {3}, DType::f64));  // deviations 2, -1, -1
  CHECK(correlation(a, b).item<double>() == doctest::Approx(-6 / std::sqrt(14. * 6)));
  CHECK(correlation(a, b, {.eps = 2}).item<double>() == doctest::Approx(-6 / std::sqrt(16. * 8)));
}

TEST_CASE("correlation: of models, by pairs and as one") {
  seed(16);
  const Net a, b;
  double pairs = 0;
  for (std::size_t k = 0; k < a.parameters().size(); ++k)
    pairs += correlation(a.detach()[k], b.parameters()[k], {.eps = 0.1}).item<double>();
  CHECK(correlation(a.detach(), b, {.eps = 0.1}).item<double>() == doctest::Approx(pairs).epsilon(1e-5));

  const Var flat = Var::parameter(b.detach().flat().clone());
  const Var whole = correlation(a.detach().flat(), flat);
  const Var model = correlation(a.detach(), b, {.per = Per::model});
  CHECK(model.item<double>() == doctest::Approx(whole.item<double>()));
  CHECK(difference(gradient_of(b, model), gradient_of(flat, whole), 1e-6) == "");
}

TEST_CASE("correlation: it does not notice a factor or a shift, and has no gradient there") {
  const Tensor a = Tensor::from({3., 4., -1.}, {3}, DType::f64);
  const Var b = Var::parameter(a * -2 + 5);
  const Var r = correlation(a, b);
  CHECK(r.item<double>() == doctest::Approx(-1));
  for (const double g : gradient_of(b, r)) CHECK(std::abs(g) < 1e-15);
  CHECK(std::abs(losses::cosine(a, b).item<double>()) < 0.9);  // which does notice the shift
}

TEST_CASE("correlation: constant sides are 0 / 0 without an eps, and one element is an error") {
  const Tensor a = Tensor::from({3., 4.}, {2}, DType::f64);
  const Var constant = Var::parameter(Tensor::full({2}, 2, DType::f64));
  CHECK(std::isnan(correlation(a, constant).item()));
  for (const double g : gradient_of(constant, correlation(a, constant))) CHECK(std::isnan(g));
  CHECK(correlation(a, constant, {.eps = 0.25}).item() == 0);
  for (const double g : gradient_of(constant, correlation(a, constant, {.eps = 0.25}))) CHECK(std::isfinite(g));

  const Net old, net;  // with a bias of one element
  CHECK(fails_with([&] { correlation(old.detach(), net); }, "correlation", "(1,)", "eps", "Per::model"));
  CHECK(std::isfinite(correlation(old.detach(), net, {.eps = 1e-8}).item()));
  CHECK(std::isfinite(correlation(old.detach(), net, {.per = Per::model}).item()));
}

TEST_CASE("correlation: it keeps deviations of its own, so its gradient is right also after the reference has moved") {
  seed(17);
  const Net a, b;
  const auto gradient = [&](bool moves) {
    const nn::Weights before = a.detach().clone();
    const Var loss = correlation(a.detach(), b, {.eps = 0.1});
    if (moves) a.detach().flat().assign(a.detach().flat() * 3 + 1);
    const auto result = gradient_of(b, loss);
    a.assign(before);
    return result;
  };
  CHECK(gradient(true) == gradient(false));
}
