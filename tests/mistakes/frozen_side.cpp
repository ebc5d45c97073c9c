// The wrong model is frozen
//
// A was to stay, and B was frozen. The loss could push nothing.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const nn::Linear A(2, 1), B(2, 1);
  B.freeze();
  backward(losses::inverse_l1(A.detach(), B));
}
