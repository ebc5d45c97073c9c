// A layer added after the optimiser was made
//
// The optimiser has its list already: the new layer would never be trained.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  nn::Module net;
  const nn::Linear fc1 = net.add("fc1", nn::Linear(2, 3));
  const optim::SGD sgd(net.parameters(), {.lr = 0.1});
  const nn::Linear fc2 = net.add("fc2", nn::Linear(3, 1));
}
