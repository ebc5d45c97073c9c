// expect: deleted
#include <wengert.hpp>

using namespace wengert;

void second_derivative(const Var& value, const Var& upstream) {
#ifdef FIXED
  backward(value, upstream.detach());
#else
  backward(value, upstream);
#endif
}
