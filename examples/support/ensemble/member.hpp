// One trained network of an ensemble: what it answers, and what it is made of.
#pragma once

#include <string>
#include <vector>

#include "autograd/tensor.hpp"

namespace wengert::examples::ensemble {

/// y = weight x + bias: weight (out, in), bias (out).
struct Layer {
  Tensor weight, bias;
};

struct EpochScores {
  double accuracy = 0, nll = 0;  ///< on the test images, after the epoch; nll in nats
};

/// Layers with ReLU between them, the last one giving logits. All members are of one topology, and answer the same images.
/// Tensors are float32 or float64, on any device.
struct Member {
  std::string name;  ///< "member 0"
  Tensor logits;     ///< (images, classes), before softmax
  Tensor hidden;     ///< (rows, units): the last hidden layer after its ReLU, for the same rows of every member
  std::vector<Layer> layers;
  std::vector<EpochScores> history;  ///< may be empty
};

}  // namespace wengert::examples::ensemble
