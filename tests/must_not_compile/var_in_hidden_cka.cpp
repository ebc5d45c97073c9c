// expect: pass it without history: A.detach
#include <wengert.hpp>

using namespace wengert;

Var push(const Var& a, const Var& b) {
#ifdef FIXED
  return losses::hidden_cka(a.detach(), b);
#else
  return losses::hidden_cka(a, b);
#endif
}
