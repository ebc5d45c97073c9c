// The checker's state, and the check of one access of a kernel. The usual case is in usual.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/simt/checker/objects.hpp"
#include "kernels/simt/checker/order.hpp"
#include "kernels/simt/checker/report.hpp"
#include "kernels/simt/checker/shadow.hpp"

namespace simt::detail::checker {

struct Range {
  std::uintptr_t begin = 0, bytes = 0;
  bool holds(std::uintptr_t address) const { return address - begin < bytes; }
};

struct Checker {
  Order order;
  Shadow shared, device;
  Objects shared_objects, device_objects;
  Range stack, thread_locals;  // what else a kernel may use,
  std::vector<Range> images;   // with the program's own data
};

extern Checker checker __attribute__((visibility("hidden")));

/// The shadow of the memory that holds an address, or nullptr: it is no kernel's.
inline Shadow* shadow_of(std::uintptr_t address) {
  if (checker.shared.holds(address)) return &checker.shared;
  return checker.device.holds(address) ? &checker.device : nullptr;
}

/// Of any size, at any address.
void check(Doing doing, const void* address, std::size_t size, Where where);

/// The running thread writes a cell.
inline void note_write(const Shadow& shadow, const Cell& cell, Kind kind, Where where) {
  Order& order = checker.order;
  cell.write() = {where, order.now, order.thread, kind};
  if (&shadow == &checker.device) order.writes_device_memory();
}

/// These bytes of the word, a bit each, have been written.
inline void note_written(Shadow& shadow, std::size_t word, unsigned bytes) {
  shadow.state(word) |= static_cast<std::uint8_t>(bytes << 4);
}

}  // namespace simt::detail::checker
