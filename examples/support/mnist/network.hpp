// The network of the mnist example: linear layers with ReLU between them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/ops/unary.hpp"
#include "nn/linear.hpp"

namespace wengert::examples::mnist {

/// The last hidden layer after its ReLU, (rows, units), and the logits, (rows, classes).
struct Outputs {
  Var hidden, logits;
};

/// sizes = {784, 256, 10}: one hidden layer. Parameters are named layers.0.weight, layers.0.bias, layers.1.weight, ...
struct Network : nn::Module {
  explicit Network(std::span<const std::int64_t> sizes) : layers(add("layers", Layers(sizes))) {}

  Outputs operator()(const Tensor& x) const {
    const std::vector<nn::Linear>& list = layers.list;
    Var hidden = x;
    for (std::size_t k = 0; k + 1 < list.size(); ++k) hidden = relu(list[k](hidden));
    return {hidden, list.back()(hidden)};
  }

  struct Layers : nn::Module {
    explicit Layers(std::span<const std::int64_t> sizes) {
      for (std::size_t k = 0; k + 1 < sizes.size(); ++k) {
        list.push_back(add(std::to_string(k), nn::Linear(sizes[k], sizes[k + 1])));
      }
    }
    std::vector<nn::Linear> list;
  };
  Layers layers;
};

}  // namespace wengert::examples::mnist
