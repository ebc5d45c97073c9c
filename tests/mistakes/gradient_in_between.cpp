// The gradient of a result in between
//
// Only leaves keep their gradients, unless somebody wants to look.
#include <iostream>
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::ones({3}));
  const Var y = square(w);
  backward(sum(y));
  std::cout << y.grad().value();
}
