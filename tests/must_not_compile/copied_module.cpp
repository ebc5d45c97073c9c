// expect: deleted
#include <wengert.hpp>

using namespace wengert;

nn::Linear copy(const nn::Linear& a) {
#ifdef FIXED
  nn::Linear b(1, 1);
  b.assign(a.detach());
#else
  nn::Linear b = a;
#endif
  return b;
}
