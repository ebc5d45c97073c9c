// How often the program has asked the heap for memory.
#pragma once

#include <cstddef>

namespace wengert::testing {

/// Calls of operator new, of every form, in the whole process so far.
std::size_t allocations();

}  // namespace wengert::testing
