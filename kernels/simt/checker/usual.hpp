// The check of an access that is as most are, without a call of a function: to memory that kernels may use, in order with
// what came before it. Of any other, check() tells more.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/races.hpp"

namespace simt::detail::checker {

/// Whether the bytes of the word belong to an object, and are known to have been written if this reads them.
inline bool is_known(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes) {
  const unsigned needed = doing == Doing::write ? bytes : bytes * 0x11;
  return (shadow.state(word) & needed) == needed;
}

inline bool follows_last_write(Shadow& shadow, std::size_t word) {
  const Write& last = shadow.write(word);
  return checker.order.quickly_before(shadow.settled, last.tick(), last.thread());
}

inline bool follows_readers(Shadow& shadow, std::size_t word) {
  const Read& read = shadow.read(word);
  const Order& order = checker.order;
  const Tick tick = read.tick();
  return tick <= shadow.settled || (tick >= order.block_start && tick <= order.last_barrier) ||
         read.is(order.thread, Readers::one);
}

inline void note_read(Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  Read& read = shadow.read(word);
  const Order& order = checker.order;
  if (read.tick() > order.last_barrier) {
    if (!read.is(order.thread, Readers::one)) {
      if (read.what() != Readers::many || (bytes & ~read.bytes()) != 0) add_reader(shadow, word, bytes, where);
      return;
    }
    bytes |= read.bytes();
  }
  read = {where, order.now, order.thread, bytes, Readers::one};
}

template <Doing doing>
[[gnu::always_inline]] inline bool note_word_if_usual(Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  if (!is_known(doing, shadow, word, bytes) || !follows_last_write(shadow, word)) return false;
  if constexpr (doing == Doing::read) {
    note_read(shadow, word, bytes, where);
  } else {
    if (!follows_readers(shadow, word)) return false;
    note_write(shadow, word, bytes, Kind::plain, where);
  }
  return true;
}

/// Notes the access, or returns false: check() must look. What has been noted until then may be noted twice.
template <Doing doing, std::size_t size>
[[gnu::always_inline]] inline bool note_if_usual(const void* pointer, Where where) {
  static_assert(doing != Doing::atomic);
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  Shadow* const shadow = shadow_of(address);
  if (!shadow) return checker.stack.holds(address) || checker.thread_locals.holds(address);
  const std::uintptr_t offset = address - shadow->base(), in_word = offset % Shadow::grain;
  const std::size_t word = offset / Shadow::grain;
  if constexpr (size < Shadow::grain) {
    return in_word + size <= Shadow::grain &&
           note_word_if_usual<doing>(*shadow, word, ((1u << size) - 1) << in_word, where);
  }
  if (in_word != 0) return false;
  for (std::size_t i = 0; i < size / Shadow::grain; ++i) {
    if (!note_word_if_usual<doing>(*shadow, word + i, 0xf, where)) return false;
  }
  return true;
}

}  // namespace simt::detail::checker
