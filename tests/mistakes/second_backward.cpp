// backward twice over one tape
//
// The first backward lets go of what the rules saved. Often a part of the loss was built once, before the loop.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::from({1, 2}, {2}, DType::f32));
  const Var penalty = named("penalty", sum(square(w)));
  for (int step = 0; step < 2; ++step) backward(penalty);
}
