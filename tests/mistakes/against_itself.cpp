// A model pushed away from itself
//
// The reference is the model's own memory, so that the distance is 0 for good.
#include <wengert.hpp>
using namespace wengert;

void mistake() {
  const nn::Linear model(2, 1);
  backward(losses::inverse_l1(model.detach(), model));
}
