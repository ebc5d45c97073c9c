// expect: (no matching function|could not convert|no known conversion|cannot convert|invalid initialization)
#include <wengert.hpp>

using namespace wengert;

Var loss(const Var& prediction, const Var& target) {
#ifdef FIXED
  return losses::mse(prediction, target.detach());
#else
  return losses::mse(prediction, target);
#endif
}
