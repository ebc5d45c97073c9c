// expect: no matching function for call to .*ncl
#include <wengert.hpp>

using namespace wengert;

Var push(const Var& a, const Var& b) {
#ifdef FIXED
  const std::vector earlier{a.detach()};
#else
  const std::vector earlier{a};
#endif
  return losses::ncl(earlier, b);
}
