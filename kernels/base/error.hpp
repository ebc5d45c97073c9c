// The one exception type, and the one way to build its text.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>

#include "kernels/base/text_stream.hpp"

namespace wengert {

/// Every error of this library. what() names the op, the shapes or the file and byte, and the way out.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {
template <class Part>
void write_part(std::ostream& out, const Part& part) {
  if constexpr (std::is_floating_point_v<Part>) {
    if (part != part) {  // "-nan" here and "nan" elsewhere, by a sign that says nothing
      out << "nan";
      return;
    }
  }
  out << part;
}
}  // namespace detail

/// Throws Error with the parts written one after another, as by `<<`.
template <class... Parts>
[[noreturn, gnu::cold, gnu::noinline]] void fail(const Parts&... parts) {
  TextStream text;
  (detail::write_part(text, parts), ...);
  throw Error(text.str());
}

}  // namespace wengert
