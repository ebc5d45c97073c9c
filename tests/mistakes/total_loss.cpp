// A sum of losses that keeps every tape alive
//
// The total is a Var, so it holds on to the history of each loss. Memory grows with every step, and nothing else tells.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Lint lint(std::cout);
  const nn::Linear model(2, 1);
  optim::SGD sgd(model.parameters(), {.lr = 0.1});
  Var total = Tensor::zeros({});
  for (int step = 0; step < 4; ++step) {
    sgd.zero_grad();
    const Var loss = losses::mse(model(Tensor::ones({4, 2})), Tensor::zeros({4, 1}));
    backward(loss);
    sgd.step();
    total += loss;
  }
}
