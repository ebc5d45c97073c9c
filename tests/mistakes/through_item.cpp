// A loss that went through numbers
//
// item() gives a number, and a number has no history: what is computed from it reaches no parameter.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::ones({3}));
  const float value = sum(square(w)).item();
  const Var loss = Tensor::full({}, 2 * value);
  backward(loss);
}
