// A layer that its module does not know
//
// fc2 computes and gets gradients, but it is no part of parameters(): no optimiser moves it, and no file holds it.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 3));
  nn::Linear fc2 = nn::Linear(3, 1);
  Var operator()(const Var& x) const { return fc2(relu(fc1(x))); }
};

void mistake() {
  const Lint lint(std::cout);
  const Net net;
  optim::SGD sgd(net.parameters(), {.lr = 0.1});
  for (int step = 0; step < 3; ++step) {
    sgd.zero_grad();
    backward(mean(net(Tensor::ones({4, 2}))));
    sgd.step();
  }
}
