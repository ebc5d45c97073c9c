// A value changed before backward has read it
//
// exp keeps its result for backward. Here somebody overwrites it in between.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var w = Var::parameter(Tensor::from({1, 2}, {2}, DType::f32));
  const Var y = exp(w);
  named("y", y.detach()).assign({0, 0});
  backward(sum(y));
}
