// The slope of a root at 0
//
// The value is fine, the gradient is not: a distance sqrt(sum of squares) at equal points.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Anomaly anomaly;
  const Tensor a = named("a", Tensor::ones({3}));
  const Var b = named("b", Var::parameter(Tensor::ones({3})));
  const Var difference = a - b;
  const Var squares = named("squares", sum(square(difference)));
  const Var distance = sqrt(squares);
  backward(distance);
}
