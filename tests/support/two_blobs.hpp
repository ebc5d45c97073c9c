// The two-blob problem and its network, small enough to train in a test.
#pragma once

#include "autograd/ops/layout.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/linear.hpp"

namespace wengert::testing {

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

struct Blobs {
  Tensor x = cat({randn({10, 2}, -1), randn({10, 2}, 1)});
  Tensor y = cat({Tensor::ones({10, 1}), Tensor::zeros({10, 1})});
};

}  // namespace wengert::testing
