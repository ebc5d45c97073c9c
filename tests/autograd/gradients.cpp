// Rules against finite differences, through the tape. Elementwise ops: elementwise.cpp.
#include <doctest/doctest.h>

#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "tests/support/gradient_cases.hpp"

using namespace wengert;
using testing::check;
using testing::Vars;

TEST_CASE("gradients of reductions") {
  seed(3);
  const Tensor x = randn({2, 3, 4}, 0, 1, DType::f64);
  for (const int axis : {0, 1, 2, -1}) {
    CAPTURE(axis);
    check({
        {"sum", [=](const Vars& v) { return sum(v[0], axis); }, {x}},
        {"mean keepdim", [=](const Vars& v) { return mean(v[0], axis, true); }, {x}},
        {"max", [=](const Vars& v) { return max(v[0], axis); }, {x}},
    });
  }
  check({
      {"sum", [](const Vars& v) { return sum(v[0]); }, {x}},
      {"mean", [](const Vars& v) { return mean(v[0]); }, {x}},
      {"max", [](const Vars& v) { return max(v[0]); }, {x}},
      {"softmax", [](const Vars& v) { return softmax(v[0]); }, {x}},
      {"log_softmax", [](const Vars& v) { return log_softmax(v[0]); }, {x}},
  });
}

TEST_CASE("gradients of products and of what moves values") {
  seed(4);
  const Tensor a = randn({3, 5}, 0, 1, DType::f64), b = randn({5, 2}, 0, 1, DType::f64),
               c = randn({2}, 0, 1, DType::f64);
  check({
      {"matmul", [](const Vars& v) { return matmul(v[0], v[1]); }, {a, b}},
      {"matmul of a square", [](const Vars& v) { return matmul(v[0], transpose(v[0])); }, {a}},
      {"linear", [](const Vars& v) { return linear(v[0], transpose(v[1]), v[2]); }, {a, b, c}},
      {"linear, only the bias", [=](const Vars& v) { return linear(a, transpose(b), v[0]); }, {c}},
      {"reshape",
       [](const Vars& v) {
         return reshape(v[0], {5, -1}) * 2.0;
       },
       {a}},
      {"transpose", [](const Vars& v) { return transpose(v[0]); }, {a}},
      {"slice", [](const Vars& v) { return slice(v[0], 1, 1, 4); }, {a}},
      {"select", [](const Vars& v) { return select(v[0], 0, 2); }, {a}},
      {"cat",
       [](const Vars& v) {
         return cat({v[0], v[0] * 2.0, matmul(v[0], v[1])}, 0);
       },
       {randn({5, 3}, 0, 1, DType::f64), randn({3, 3}, 0, 1, DType::f64)}},
  });
}
