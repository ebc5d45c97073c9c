// The losses' rules against finite differences.
#include <doctest/doctest.h>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/bce.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_l1.hpp"
#include "losses/mse.hpp"
#include "tests/support/gradient_cases.hpp"

using namespace wengert;
using testing::check;
using testing::Vars;

TEST_CASE("gradients of the losses") {
  seed(5);
  const Tensor x = randn({4, 3}, 0, 1, DType::f64), t = rand({4, 3}, 0, 1, DType::f64),
               p = rand({4, 3}, 0.1, 0.9, DType::f64);
  const Tensor labels = Tensor::from({0, 2, 1, 1}, {4});
  check({
      {"mse", [=](const Vars& v) { return losses::mse(v[0], t); }, {x}},
      {"bce", [=](const Vars& v) { return losses::bce(v[0], t); }, {p}},
      {"bce_with_logits", [=](const Vars& v) { return losses::bce_with_logits(v[0], t); }, {x}},
      {"cross_entropy", [=](const Vars& v) { return losses::cross_entropy(v[0], labels); }, {x}},
      {"soft_cross_entropy", [=](const Vars& v) { return losses::soft_cross_entropy(v[0], t); }, {x}},
      {"inverse_l1", [=](const Vars& v) { return losses::inverse_l1(t, v[0] + v[0]); }, {t + 0.5}},
  });
}
