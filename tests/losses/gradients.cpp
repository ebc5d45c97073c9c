// The losses' rules against finite differences.
#include <doctest/doctest.h>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/bce.hpp"
#include "losses/correlation.hpp"
#include "losses/cosine.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/hidden_cka.hpp"
#include "losses/hidden_cosine.hpp"
#include "losses/inverse_ce.hpp"
#include "losses/inverse_l1.hpp"
#include "losses/mean_over.hpp"
#include "losses/mse.hpp"
#include "losses/ncl.hpp"
#include "losses/negative_ce.hpp"
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

TEST_CASE("gradients of the losses that push models apart") {
  seed(6);
  const auto normal = [](const Shape& shape) { return randn(shape, 0, 1, DType::f64); };
  const Tensor x = normal({4, 3}), old = normal({4, 3}), p = softmax(normal({4, 3})), older = softmax(normal({4, 3}));
  const Tensor wide = normal({4, 7}), tall = normal({9, 2});
  check({
      {"cosine", [=](const Vars& v) { return losses::cosine(old, v[0]); }, {x}},
      {"cosine with eps", [=](const Vars& v) { return losses::cosine(old, v[0], {.eps = 0.5}); }, {x}},
      {"correlation", [=](const Vars& v) { return losses::correlation(old, v[0]); }, {x}},
      {"correlation with eps", [=](const Vars& v) { return losses::correlation(old, v[0], {.eps = 0.5}); }, {x}},
      {"inverse_ce", [=](const Vars& v) { return losses::inverse_ce(p, v[0]); }, {x}},
      {"inverse_ce with eps", [=](const Vars& v) { return losses::inverse_ce(p, v[0], {.eps = 0.5}); }, {x}},
      {"negative_ce", [=](const Vars& v) { return losses::negative_ce(p, v[0]); }, {x}},
      {"hidden_cka by rows", [=](const Vars& v) { return losses::hidden_cka(wide, v[0]); }, {normal({4, 5})}},
      {"hidden_cka by units", [=](const Vars& v) { return losses::hidden_cka(tall, v[0]); }, {normal({9, 3})}},
      {"hidden_cosine", [=](const Vars& v) { return losses::hidden_cosine(old, v[0]); }, {x}},
      {"ncl of two", [=](const Vars& v) { return losses::ncl({p}, softmax(v[0])); }, {x}},
      {"ncl of three",
       [=](const Vars& v) {
         return losses::ncl({p, older}, softmax(v[0]));
       },
       {x}},
      {"mean_over",
       [=](const Vars& v) {
         return losses::mean_over(std::vector{old, wide}, [&](const Tensor& h) { return losses::hidden_cka(h, v[0]); });
       },
       {x}},
  });
}
