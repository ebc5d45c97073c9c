// A prediction of shape (4, 1) and a target of shape (4)
//
// Broadcasting would make 16 differences of these 8 numbers.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const nn::Linear model(2, 1);
  backward(losses::mse(model(Tensor::ones({4, 2})), Tensor::zeros({4})));
}
