// detach() as a snapshot
//
// detach() cuts the history, not the memory: while A is trained on, the "old" model moves with it.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Lint lint(std::cout);
  const nn::Linear A(2, 1), B(2, 1);
  const Tensor x = Tensor::ones({4, 2}), y = Tensor::zeros({4, 1});
  optim::SGD of_A(A.parameters(), {.lr = 0.1}), of_B(B.parameters(), {.lr = 0.1});
  const nn::Weights old = A.detach();
  for (int step = 0; step < 2; ++step) {
    of_A.zero_grad();
    of_B.zero_grad();
    backward(losses::mse(A(x), y));
    backward(losses::mse(B(x), y) + losses::inverse_l1(old, B));
    of_A.step();
    of_B.step();
  }
}
