// The logarithm of a probability that is 0
//
// A sigmoid of -200 is 0 in float32.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Anomaly anomaly;
  const Var logit = named("logit", Var::parameter(Tensor::from({1., -200.}, {2})));
  const Var p = named("p", sigmoid(logit));
  const Var surprise = -log(p);
  backward(mean(surprise));
}
