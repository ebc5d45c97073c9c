// Other weights for the same function: what losses of parameters take for another model.
#pragma once

#include "autograd/ops/layout.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/two_blobs.hpp"

namespace wengert::testing {

/// Gives `copy` the weights of `net` with the two halves of the hidden units exchanged.
inline void assign_reordered(const Net& copy, const Net& net) {
  const auto exchanged = [](const Var& x, int axis) {
    const Tensor before = x.detach();
    return cat({slice(before, axis, 2, 4), slice(before, axis, 0, 2)}, axis);
  };
  copy.assign(net.detach());
  copy.fc1.weight.detach().assign(exchanged(net.fc1.weight, 0));
  copy.fc1.bias.detach().assign(exchanged(net.fc1.bias, 0));
  copy.fc2.weight.detach().assign(exchanged(net.fc2.weight, 1));
}

/// Gives `copy` the weights of `net` with the first layer four times as large and the second a quarter: the same bits.
inline void assign_rescaled(const Net& copy, const Net& net) {
  copy.assign(net.detach());
  copy.fc1.weight.detach().assign(net.fc1.weight.detach() * 4);
  copy.fc1.bias.detach().assign(net.fc1.bias.detach() * 4);
  copy.fc2.weight.detach().assign(net.fc2.weight.detach() / 4);
}

}  // namespace wengert::testing
