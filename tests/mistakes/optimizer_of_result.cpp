// An optimiser that is given a result
//
// w * 2 is no parameter: moving it would change nothing that lasts.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::ones({3}));
  const optim::SGD sgd({w * 2}, {.lr = 0.1});
}
