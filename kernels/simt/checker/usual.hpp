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

inline bool follows_last_write(const Shadow& shadow, const Cell& cell) {
  const Write& last = cell.write();
  return checker.order.quickly_before(shadow.settled, last.tick(), last.thread());
}

inline bool follows_readers(const Shadow& shadow, const Cell& cell) {
  const Read& read = cell.read();
  const Order& order = checker.order;
  const Tick tick = read.tick();
  return tick <= shadow.settled || (tick >= order.block_start && tick <= order.last_barrier) ||
         read.is(order.thread, Readers::one);
}

inline void note_read(const Cell& cell, Where where) {
  Read& read = cell.read();
  const Order& order = checker.order;
  if (read.tick() > order.last_barrier && !read.is(order.thread, Readers::one)) {
    if (read.what() != Readers::many) add_reader(cell, where);
    return;
  }
  read = {where, order.now, order.thread, Readers::one};
}

template <Doing doing>
[[gnu::always_inline]] inline bool note_cell_if_usual(const Shadow& shadow, const Cell& cell, Where where) {
  if (!follows_last_write(shadow, cell)) return false;
  if constexpr (doing == Doing::read) {
    note_read(cell, where);
  } else {
    if (!follows_readers(shadow, cell)) return false;
    note_write(shadow, cell, Kind::plain, where);
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
    const unsigned bytes = ((1u << size) - 1) << in_word;
    if (in_word + size > Shadow::grain || !shadow->is_split(word) || !is_known(doing, *shadow, word, bytes))
      return false;
    for (std::size_t i = 0; i < size; ++i) {
      const Cell cell = shadow->of_byte(word, static_cast<unsigned>(in_word + i));
      if (!note_cell_if_usual<doing>(*shadow, cell, where)) return false;
    }
    if (doing == Doing::write) note_written(*shadow, word, bytes);
    return true;
  }
  if (in_word != 0) return false;
  for (std::size_t i = 0; i < size / Shadow::grain; ++i) {
    if (!is_known(doing, *shadow, word + i, Shadow::whole)) return false;
    if (!note_cell_if_usual<doing>(*shadow, shadow->of_word(word + i), where)) return false;  // also where it is split
    if (doing == Doing::write) note_written(*shadow, word + i, Shadow::whole);
  }
  return true;
}

}  // namespace simt::detail::checker
