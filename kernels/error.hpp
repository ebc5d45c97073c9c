// The one exception type, and the one way to build its text.
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

namespace wengert {

/// Every error of this library. what() names the op, the shapes or the file and byte, and the way out.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Error with the parts written one after another, as by `<<`.
template <class... Parts>
[[noreturn, gnu::cold, gnu::noinline]] void fail(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  throw Error(text.str());
}

}  // namespace wengert
