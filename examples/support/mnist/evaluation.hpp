// What a network answers to images.
#pragma once

#include "examples/support/mnist/network.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::mnist {

/// Of so many images the hidden layers of members are compared: enough, and not too much to keep.
constexpr std::int64_t hidden_rows = 2000;

/// On the CPU.
struct ImageAnswers {
  Tensor logits;  ///< (images, classes)
  Tensor hidden;  ///< (min(images, hidden_rows), units)
};
ImageAnswers answers_to(const data::Samples& samples, const Network& network);

}  // namespace wengert::examples::mnist
