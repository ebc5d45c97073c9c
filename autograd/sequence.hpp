// The numbers that order the tape.
#pragma once

#include <cstdint>

namespace wengert {

/// A number above `past` and above every number that this thread gave before.
inline std::uint64_t next_sequence(std::uint64_t past) {
  static constinit thread_local std::uint64_t last = 0;
  return last = (last > past ? last : past) + 1;
}

}  // namespace wengert
