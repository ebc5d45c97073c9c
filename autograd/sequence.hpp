// The numbers that order the tape.
#pragma once

#include <cstdint>

namespace wengert {

/// A number above `past` and above every number that this thread gave before.
std::uint64_t next_sequence(std::uint64_t past);

}  // namespace wengert
