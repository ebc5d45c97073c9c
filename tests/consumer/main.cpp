// Learns the logical or. What it includes and links comes from an installed wengert.
#include <iostream>
#include <wengert.hpp>

using namespace wengert;

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

int main() {
  seed(0);
  Net net;
  const Tensor x = Tensor::from({0., 0., 0., 1., 1., 0., 1., 1.}, {4, 2});
  const Tensor y = Tensor::from({0., 1., 1., 1.}, {4, 1});
  optim::SGD sgd(net.parameters(), {.lr = 0.5});
  float first = 0;
  float last = 0;
  for (int step = 0; step < 500; ++step) {
    sgd.zero_grad();
    const Var loss = losses::bce(net(x), y);
    backward(loss);
    sgd.step();
    last = loss.item<float>();
    if (step == 0) first = last;
  }
  std::cout << "bce " << first << " -> " << last << "\n";
  return last < first / 4 ? 0 : 1;
}
