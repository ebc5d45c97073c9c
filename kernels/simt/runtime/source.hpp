// A place in the source.
#pragma once

namespace simt::detail {

struct Source {
  const char* file = nullptr;
  int line = 0;
};

}  // namespace simt::detail
