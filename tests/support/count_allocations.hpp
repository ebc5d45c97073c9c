// What the program has asked the heap for, and a heap that has nothing left.
#pragma once

#include <cstddef>

namespace wengert::testing {

/// How many allocations of this program operator new has served so far. What this folder links to it replaces the global
/// operators.
std::size_t allocations();
/// How many of the blocks that they gave have not gone back.
std::size_t live_allocations();

/// While it lives, the n-th request that this thread makes of the heap fails, and with `for_good` all later ones do too.
/// n = 0: none fails.
class HeapFailure {
 public:
  HeapFailure(std::size_t n, bool for_good);
  ~HeapFailure();
  HeapFailure(const HeapFailure&) = delete;
  HeapFailure& operator=(const HeapFailure&) = delete;
  std::size_t requests() const;  ///< how many there have been
};

}  // namespace wengert::testing
