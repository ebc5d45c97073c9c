// A softmax written by hand
//
// e^100 is more than float32 holds.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Anomaly anomaly;
  const Var logits = named("logits", Var::parameter(Tensor::from({0., 100.}, {2})));
  const Var powers = exp(logits);
  const Var probabilities = powers / sum(powers);
  backward(sum(square(probabilities)));
}
