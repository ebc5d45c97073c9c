// Gradients that are never zeroed
//
// backward adds to the gradients that are there. Without zero_grad each step uses the sum of all gradients so far. The
// script of the forum thread that this project began with does that; the loss may even fall faster for a while, since the
// sum acts like momentum.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Lint lint(std::cout);
  const nn::Linear model(2, 1);
  const Tensor x = Tensor::ones({4, 2}), y = Tensor::zeros({4, 1});
  optim::SGD sgd(model.parameters(), {.lr = 0.1});
  for (int step = 0; step < 3; ++step) {
    backward(losses::mse(model(x), y));
    sgd.step();
  }
}
