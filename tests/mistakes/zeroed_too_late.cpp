// zero_grad between backward and step
//
// The gradients are gone when the optimiser looks for them. Nothing moves, and the loss is printed all the same.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Lint lint(std::cout);
  const nn::Linear model(2, 1);
  optim::SGD sgd(model.parameters(), {.lr = 0.1});
  backward(losses::mse(model(Tensor::ones({4, 2})), Tensor::zeros({4, 1})));
  sgd.zero_grad();
  sgd.step();
}
