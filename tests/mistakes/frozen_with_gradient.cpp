// A frozen parameter with a gradient from before
//
// In PyTorch requires_grad_(False) does not stop an optimiser: as long as .grad is there, the "frozen" parameter moves.
// Here frozen means that no optimiser moves it; but what is left there would count after unfreeze().
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Lint lint(std::cout);
  const nn::Linear model(2, 1);
  optim::SGD sgd(model.parameters(), {.lr = 0.1});
  backward(losses::mse(model(Tensor::ones({4, 2})), Tensor::zeros({4, 1})));
  model.freeze();
  sgd.step();
}
