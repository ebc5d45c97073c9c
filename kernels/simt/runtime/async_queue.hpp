// The copies of a thread that are under way (cp.async).
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail {

struct AsyncCopy {
  void* to;
  const void* from;
  std::size_t bytes, copied;  // the rest up to `bytes` becomes zero
  unsigned group;             // which commit sealed it, counted from the thread's start
  Source issued;
};

struct AsyncQueue {
  std::vector<AsyncCopy> copies;  // in order of issue
  unsigned group = 0;             // of the next copy
};

}  // namespace simt::detail
