#include "autograd/defined.hpp"

#include "kernels/base/error.hpp"

namespace wengert {
namespace {

constexpr const char* why = "undefined tensor: it was default-constructed, and nothing was assigned to it";

}  // namespace

void refuse_undefined(const char* op, const char* which) { fail(op, ": ", which, " is an ", why); }
void refuse_undefined(const char* op, const char* what, std::size_t place) {
  fail(op, ": ", what, ' ', place, " is an ", why);
}
void refuse_undefined() { fail(why); }

}  // namespace wengert
