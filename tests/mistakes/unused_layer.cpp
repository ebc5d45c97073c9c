// A parameter that no loss reaches
//
// The optimiser was given fc2, but the loss does not use it.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
  nn::Linear fc2 = add("fc2", nn::Linear(3, 1));
  Var operator()(const Var& x) const { return relu(fc1(x)); }
};

void mistake() {
  const Lint lint(std::cout);
  const Net net;
  optim::SGD sgd(net.parameters(), {.lr = 0.1});
  backward(mean(net(Tensor::ones({4, 2}))));
  sgd.step();
}
