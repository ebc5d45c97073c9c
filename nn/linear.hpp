// The affine layer.
#pragma once

#include "autograd/ops/matmul.hpp"
#include "nn/init.hpp"
#include "nn/module.hpp"

namespace wengert::nn {

/// y = x weight^T + bias for x (rows, in), weight (out, in), bias (out), float32, initialised as torch.nn.Linear.
struct Linear : Module {
  Linear(std::int64_t in, std::int64_t out)
      : weight(add("weight", kaiming_uniform({out, in}, in))), bias(add("bias", kaiming_uniform({out}, in))) {}
  Var operator()(Operand x) const {
    require_present("Linear");
    return linear(x, weight, bias);
  }

  Var weight, bias;
};

}  // namespace wengert::nn
