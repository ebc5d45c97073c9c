// How messages write things.
#pragma once

#include <sstream>
#include <string>

#include "kernels/simt/types.hpp"

namespace simt::detail {

/// The parts one after another, as by `<<`.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

/// "(1,2,3)"
std::string to_string(uint3 index);
/// "0x0000ffff"
std::string hexadecimal(unsigned value);

}  // namespace simt::detail
