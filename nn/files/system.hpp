// What reading and writing files share.
#pragma once

#include <cerrno>

#include "kernels/base/faults.hpp"

namespace wengert::nn {

/// Asked before each request to the file system: true where a test wants it refused, and then errno says EIO.
inline bool system_refuses() {
  if (!faults::refused(faults::Kind::file)) return false;
  errno = EIO;
  return true;
}

}  // namespace wengert::nn
