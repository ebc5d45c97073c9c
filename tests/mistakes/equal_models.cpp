// 1 / sum|A - B| of two equal models
//
// B starts as a copy of A. The loss is 1 / 0, and its gradient inf * 0: after one step every parameter is NaN.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Anomaly anomaly;
  const Tensor old = named("old", Tensor::ones({3}));
  const Var w = named("w", Var::parameter(Tensor::ones({3})));
  const Var difference = old - w;
  const Var S = named("S", sum(abs(difference)));
  const Var loss = 1 / S;
  backward(loss);
}
