// Every op's rule against finite differences, through the tape: broadcasting, operands in every place, constants
// beside.
#include <doctest/doctest.h>

#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/gradient_cases.hpp"

using namespace wengert;
using testing::check;
using testing::Vars;

namespace {

// In [0.5, 2]: away from the kinks at 0.
Tensor positive(const Shape& shape) { return rand(shape, 0.5, 2, DType::f64); }
// In [0.5, 2] or [-2, -0.5].
Tensor nonzero(const Shape& shape) {
  const Tensor side = rand(shape, -1, 1, DType::f64);
  return positive(shape) * (side / abs(side));
}

}  // namespace

TEST_CASE("gradients of elementwise ops") {
  seed(1);
  const Tensor x = nonzero({3, 4}), p = positive({3, 4});
  check({
      {"neg", [](const Vars& v) { return -v[0]; }, {x}},
      {"abs", [](const Vars& v) { return abs(v[0]); }, {x}},
      {"exp", [](const Vars& v) { return exp(v[0]); }, {x}},
      {"log", [](const Vars& v) { return log(v[0]); }, {p}},
      {"sqrt", [](const Vars& v) { return sqrt(v[0]); }, {p}},
      {"square", [](const Vars& v) { return square(v[0]); }, {x}},
      {"pow 3", [](const Vars& v) { return pow(v[0], 3); }, {x}},
      {"pow 1.7", [](const Vars& v) { return pow(v[0], 1.7); }, {p}},
      {"relu", [](const Vars& v) { return relu(v[0]); }, {x}},
      {"sigmoid", [](const Vars& v) { return sigmoid(v[0]); }, {x}},
      {"tanh", [](const Vars& v) { return tanh(v[0]); }, {x}},
      {"softplus", [](const Vars& v) { return softplus(v[0]); }, {x}},
      {"numbers", [](const Vars& v) { return (2.5 - (v[0] + 1.5)) * 3.0 / 7.0 + 2.0 / v[0]; }, {x}},
  });
}

TEST_CASE("gradients of binary ops with broadcasting on either side and on both") {
  seed(2);
  for (const std::pair<Shape, Shape>& shapes : std::vector<std::pair<Shape, Shape>>{{{3, 4}, {3, 4}},
                                                                                    {{3, 4}, {4}},
                                                                                    {{3, 1}, {3, 4}},
                                                                                    {{}, {3, 4}},
                                                                                    {{3, 1}, {1, 4}},
                                                                                    {{2, 1, 4}, {3, 1}},
                                                                                    {{1}, {1}}}) {
    const Tensor a = nonzero(shapes.first), b = nonzero(shapes.second);
    CAPTURE(shapes.first);
    CAPTURE(shapes.second);
    check({
        {"add", [](const Vars& v) { return v[0] + v[1]; }, {a, b}},
        {"sub", [](const Vars& v) { return v[0] - v[1]; }, {a, b}},
        {"mul", [](const Vars& v) { return v[0] * v[1]; }, {a, b}},
        {"div", [](const Vars& v) { return v[0] / v[1]; }, {a, b}},
        {"constant left", [=](const Vars& v) { return a / v[0]; }, {b}},
        {"constant right", [=](const Vars& v) { return v[0] / b; }, {a}},
    });
  }
}

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
