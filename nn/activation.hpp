// Activations as layers, for Sequential. They have no parameters.
#pragma once

#include "autograd/ops/unary.hpp"

namespace wengert::nn {

struct ReLU {
  Var operator()(Operand x) const { return relu(x); }
};
struct Sigmoid {
  Var operator()(Operand x) const { return sigmoid(x); }
};
struct Tanh {
  Var operator()(Operand x) const { return tanh(x); }
};

}  // namespace wengert::nn
