// The one exception type of the simulator.
#pragma once

#include <stdexcept>

namespace simt {

/// Thrown by launch and by Array. what() says what went wrong and the way out; for what happens inside a kernel it begins
/// "kernel K, block (x,y,z), thread (x,y,z): FILE:LINE: ".
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace simt
