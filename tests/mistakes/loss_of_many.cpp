// A loss of more than one number
//
// A gradient is of one number. Which one is meant is for the user to say.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::ones({3}));
  backward(square(w));
}
