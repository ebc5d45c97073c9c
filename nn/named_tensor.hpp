// A tensor and what it is called, in files and in an optimiser's state.
#pragma once

#include <string>

#include "autograd/tensor.hpp"

namespace wengert::nn {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

}  // namespace wengert::nn
