// observer_cost STEPS [inspect]: eager training steps on two blobs, inside an Inspect scope if asked for, to have their
// instructions counted (observer_cost.sh). Prints the last loss.
#include <iostream>
#include <optional>
#include <string>

#include "autograd/backward.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/random.hpp"
#include "losses/bce.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::optional<Inspect> scope;
  if (argc > 2) scope.emplace();
  seed(0);
  const testing::Blobs data;
  const testing::Net net;
  optim::SGD sgd(net.parameters(), {.lr = 0.01});
  Var loss;
  for (int step = std::stoi(argv[1]); step > 0; --step) {
    sgd.zero_grad();
    const Var answer = net(data.x);
    loss = losses::bce(answer, data.y);
    backward(loss);
    sgd.step();
  }
  std::cout << loss << '\n';
}
