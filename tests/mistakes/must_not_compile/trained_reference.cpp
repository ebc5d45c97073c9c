// expect: no gradient may flow into the reference, so pass it without history: A.detach
// The old model passed as it is
//
// A reference that could be trained by mistake is a matter of types: it does not compile.
#include <wengert.hpp>
using namespace wengert;

Var push(const nn::Linear& A, const nn::Linear& B) {
#ifdef FIXED
  return losses::inverse_l1(A.detach(), B);
#else
  return losses::inverse_l1(A, B);
#endif
}
