// Undefined sides of a loss: the error names the loss and the side.
#include <doctest/doctest.h>

#include <limits>

#include "losses/bce.hpp"
#include "losses/correlation.hpp"
#include "losses/cosine.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/hidden_cka.hpp"
#include "losses/hidden_cosine.hpp"
#include "losses/inverse_ce.hpp"
#include "losses/inverse_l1.hpp"
#include "losses/mse.hpp"
#include "losses/ncl.hpp"
#include "losses/negative_ce.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::error_of;

namespace {

const Tensor t, x = Tensor::full({2, 2}, 0.5);
const Var v, w = Var::parameter(x.clone());

/// Both sides undefined in turn.
template <class First, class Second>
void check(const std::string& name, const First& first, const Second& second) {
  CAPTURE(name);
  CHECK(error_of(first).find(name + ": operand 1 is an undefined tensor") == 0);
  CHECK(error_of(second).find(name + ": operand 2 is an undefined tensor") == 0);
}

}  // namespace

TEST_CASE("an undefined side of a loss is named by the loss and its place") {
  using namespace losses;
  check(
      "mse", [] { mse(v, x); }, [] { mse(w, t); });
  check(
      "bce", [] { bce(t, x); }, [] { bce(w, t); });
  check(
      "bce_with_logits", [] { bce_with_logits(v, x); }, [] { bce_with_logits(x, t); });
  check(
      "cross_entropy", [] { cross_entropy(v, x); }, [] { cross_entropy(w, t); });
  check(
      "soft_cross_entropy", [] { soft_cross_entropy(t, x); }, [] { soft_cross_entropy(w, t); });
  check(
      "inverse_l1", [] { inverse_l1(t, w); }, [] { inverse_l1(x, v); });
  check(
      "inverse_l1_composed", [] { inverse_l1_composed(t, w); }, [] { inverse_l1_composed(x, v); });
  check(
      "cosine", [] { cosine(t, w); }, [] { cosine(x, v); });
  check(
      "correlation", [] { correlation(t, w); }, [] { correlation(x, v); });
  check(
      "hidden_cka", [] { hidden_cka(t, w); }, [] { hidden_cka(x, v); });
  check(
      "hidden_cosine", [] { hidden_cosine(t, w); }, [] { hidden_cosine(x, v); });
  check(
      "inverse_ce", [] { inverse_ce(t, w); }, [] { inverse_ce(x, v); });
  check(
      "negative_ce", [] { negative_ce(t, w); }, [] { negative_ce(x, v); });
  check(
      "ncl", [] { ncl(std::vector{t}, w); }, [] { ncl(std::vector{x}, v); });
}

TEST_CASE("eps is a number of at least 0") {
  const Tensor a = Tensor::ones({2, 2});
  const Var b = Var::parameter(Tensor::full({2, 2}, 2));
  for (const double eps : {-3., std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CAPTURE(eps);
    CHECK(testing::fails_with([&] { (void)losses::inverse_l1(a, b, {.eps = eps}); }, "inverse_l1", "eps"));
    CHECK(testing::fails_with([&] { (void)losses::cosine(a, b, {.eps = eps}); }, "cosine", "eps"));
    CHECK(testing::fails_with([&] { (void)losses::correlation(a, b, {.eps = eps}); }, "correlation", "eps"));
    CHECK(testing::fails_with([&] { (void)losses::inverse_ce(a, b, {.eps = eps}); }, "inverse_ce", "eps"));
    CHECK(testing::fails_with([&] { (void)losses::hidden_cka(a, b, {.eps = eps}); }, "hidden_cka", "eps"));
    CHECK(testing::fails_with([&] { (void)losses::hidden_cosine(a, b, {.eps = eps}); }, "hidden_cosine", "eps"));
  }
}
