// What the checker says. Each of these ends the launch with an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "kernels/simt/checker/shadow.hpp"

namespace simt::detail::checker {

enum class Doing : std::uint8_t { read, write, atomic };

/// Some of the bytes belong to no object, or are read though nobody is known to have written them.
void check_state(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where);
/// Neither device memory nor shared memory nor the thread's own.
[[noreturn]] void foreign_memory(Doing doing, std::uintptr_t address, Where where);

/// The other party of a race.
struct Other {
  const char* doing;
  Where where;
  Tick tick;
  unsigned thread;
};
[[noreturn]] void race(Doing doing, const Shadow& shadow, const Cell& cell, Where where, const Other& other);

/// "byte 4 of shared 's' (256 bytes)", or "" where no object is near.
std::string describe(const Shadow& shadow, std::uintptr_t address);

}  // namespace simt::detail::checker
