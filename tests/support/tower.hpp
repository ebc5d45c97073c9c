// A module with modules in it that have modules in them.
#pragma once

#include "nn/linear.hpp"

namespace wengert::testing {

struct Block : nn::Module {
  nn::Linear first = add("first", nn::Linear(2, 3));
  nn::Linear second = add("second", nn::Linear(3, 2));
};

struct Tower : nn::Module {
  Var scale = add("scale", Tensor::full({1}, 2));
  Block low = add("low", Block());
  Block high = add("high", Block());
};

}  // namespace wengert::testing
