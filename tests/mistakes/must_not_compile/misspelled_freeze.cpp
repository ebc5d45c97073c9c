// expect: did you mean 'freeze'
// A misspelled freeze
//
// Python makes a new attribute of it, and nothing is frozen.
#include <wengert.hpp>
using namespace wengert;

void keep(const nn::Linear& A) {
#ifdef FIXED
  A.freeze();
#else
  A.freez();
#endif
}
