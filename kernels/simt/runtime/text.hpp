// How messages write things.
#pragma once

#include <string>

#include "kernels/simt/types.hpp"

namespace simt::detail {

/// "(1,2,3)"
std::string to_string(uint3 index);
/// "0x0000ffff"
std::string hexadecimal(unsigned value);

}  // namespace simt::detail
