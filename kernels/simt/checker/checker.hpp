// The checker's state, and the check of one access of a kernel.
//
// This runs at every read and write, so what usually happens comes first and the rest is in races.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/simt/checker/objects.hpp"
#include "kernels/simt/checker/order.hpp"
#include "kernels/simt/checker/report.hpp"
#include "kernels/simt/checker/shadow.hpp"

namespace simt::detail::checker {

struct Range {
  std::uintptr_t begin = 0, end = 0;
  bool holds(std::uintptr_t address) const { return address - begin < end - begin; }
};

struct Checker {
  Order order;
  Shadow shared, device;
  Objects shared_objects, device_objects;
  Range stack, arguments, thread_locals;  // what else a kernel may use,
  std::vector<Range> images;              // with the program's own data
};

extern Checker checker __attribute__((visibility("hidden")));
/// Whether this thread of the operating system runs a kernel's own code.
extern constinit thread_local bool watching __attribute__((tls_model("initial-exec"), visibility("hidden")));

/// The rest of the checks, for accesses that are not ordered at first sight.
void check_last_write(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where);
void check_readers(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where);
void add_reader(Word& word, unsigned bytes, Where where);
void check_elsewhere(Doing doing, std::uintptr_t address, Where where);

/// The running thread is among the readers, who have not been ordered.
inline void note_other(Word& word, Where where) {
  if (word.read.thread == checker.order.thread) {
    word.read.where = where;
  } else {
    word.other = static_cast<std::uint16_t>(checker.order.thread);
    word.other_where = where;
  }
}

inline void note_read(Word& word, unsigned bytes, Where where) {
  const Order& order = checker.order;
  const std::uint32_t lane = 1u << order.thread % warp_size;
  Access& read = word.read;
  if (read.tick > order.last_barrier) {
    if (read.thread != order.thread || word.lanes != lane) {
      const bool many = word.lanes == 0, recorded = (bytes & ~read.bytes) == 0;
      if (!recorded || (!many && (read.tick != order.now || !Order::same_warp(read.thread, order.thread)))) {
        add_reader(word, bytes, where);
      } else if (!many) {
        word.lanes |= lane;
        note_other(word, where);
      }
      return;
    }
    bytes |= read.bytes;
  }
  read = {where, order.now, static_cast<std::uint16_t>(order.thread), static_cast<std::uint8_t>(bytes), Kind::plain};
  word.lanes = lane;
}

inline void note_write(Shadow& shadow, std::size_t word, unsigned bytes, Kind kind, Where where) {
  Order& order = checker.order;
  Access& last = shadow.word(word).write;
  if (last.thread == order.thread && last.tick == order.now) bytes |= last.bytes;
  last = {where, order.now, static_cast<std::uint16_t>(order.thread), static_cast<std::uint8_t>(bytes), kind};
  shadow.state(word) |= static_cast<std::uint8_t>(bytes << 4);
  if (&shadow == &checker.device) order.writes_device_memory();
}

/// `bytes`: which ones of the word.
template <Doing doing>
[[gnu::always_inline]] inline void check_word(Shadow& shadow, std::size_t index, unsigned bytes, Where where) {
  const Order& order = checker.order;
  const unsigned needed = doing == Doing::write ? bytes : bytes * 0x11;
  if ((shadow.state(index) & needed) != needed) [[unlikely]]
    check_state(doing, shadow, index, bytes, where);
  Word& word = shadow.word(index);
  if (!order.quickly_before(shadow.settled, word.write.tick, word.write.thread)) [[unlikely]]
    check_last_write(doing, shadow, index, bytes, where);
  if constexpr (doing == Doing::read) {
    note_read(word, bytes, where);
    return;
  }
  const bool no_readers = word.read.tick <= shadow.settled ||
                          (word.read.tick >= order.block_start && word.read.tick <= order.last_barrier) ||
                          (word.read.thread == order.thread && word.lanes == 1u << order.thread % warp_size);
  if (!no_readers) [[unlikely]]
    check_readers(doing, shadow, index, bytes, where);
  if constexpr (doing == Doing::atomic) {
    // A plain write stays on record: other threads' atomics must come after it.
    if (word.write.kind == Kind::plain && word.write.tick > order.last_barrier) return;
    note_write(shadow, index, bytes, Kind::atomic, where);
  } else {
    note_write(shadow, index, bytes, Kind::plain, where);
  }
}

inline Shadow* shadow_of(std::uintptr_t address) {
  if (checker.shared.holds(address)) return &checker.shared;
  return checker.device.holds(address) ? &checker.device : nullptr;
}

/// Of any size, at any address.
template <Doing doing>
void check_range(Shadow& shadow, std::uintptr_t address, std::size_t size, Where where) {
  std::uintptr_t offset = address - shadow.base();
  while (size > 0) {
    const std::size_t in_word = offset % Shadow::grain, count = std::min(Shadow::grain - in_word, size);
    check_word<doing>(shadow, offset / Shadow::grain, ((1u << count) - 1) << in_word, where);
    offset += count;
    size -= count;
  }
}

template <Doing doing>
[[gnu::always_inline]] inline void check(const void* pointer, std::size_t size, Where where) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  Shadow* const shadow = shadow_of(address);
  if (!shadow) {
    if (!checker.stack.holds(address) && !checker.thread_locals.holds(address)) check_elsewhere(doing, address, where);
    return;
  }
  const std::uintptr_t offset = address - shadow->base();
  if (offset % Shadow::grain + size <= Shadow::grain) {
    check_word<doing>(*shadow, offset / Shadow::grain, ((1u << size) - 1) << offset % Shadow::grain, where);
  } else {
    check_range<doing>(*shadow, address, size, where);
  }
}

}  // namespace simt::detail::checker
