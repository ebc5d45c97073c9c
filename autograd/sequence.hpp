// The numbers that order the tape.
#pragma once

#include <atomic>
#include <cstdint>

namespace wengert {

/// A number that the process gives once, above `past` and above every number that this thread was given before. Threads
/// take blocks of numbers, because one counter would pass from processor to processor with every recorded op.
inline std::uint64_t next_sequence(std::uint64_t past = 0) {
  constexpr std::uint64_t block = 4096;
  static constinit std::atomic<std::uint64_t> blocks = 0;
  static constinit thread_local std::uint64_t last = 0;
  // `past` may be of another thread's block; a new block lies above all that were taken before.
  if (last % block == 0 || past > last) last = blocks.fetch_add(1, std::memory_order_relaxed) * block;
  return ++last;
}

}  // namespace wengert
