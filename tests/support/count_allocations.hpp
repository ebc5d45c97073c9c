// What the program has asked the heap for.
#pragma once

#include <cstddef>

namespace wengert::testing {

/// Calls of operator new, of every form, in the whole process so far.
std::size_t allocations();

/// How many of the blocks that they gave have not gone back.
std::size_t live_allocations();

}  // namespace wengert::testing
