// Class labels that are no integers
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const Var logits = Var::parameter(Tensor::zeros({2, 3}));
  losses::cross_entropy(logits, Tensor::from({0., 2.}, {2}));
}
