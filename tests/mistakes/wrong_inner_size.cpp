// A layer of the wrong size
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const nn::Linear model(3, 1);
  model(Tensor::ones({4, 2}));
}
