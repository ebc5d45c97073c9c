// The check of an access in full.
#include <algorithm>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/races.hpp"
#include "kernels/simt/checker/usual.hpp"

namespace simt::detail::checker {
namespace {

void check_word(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  if (!is_known(doing, shadow, word, bytes)) check_state(doing, shadow, word, bytes, where);
  if (shadow.is_split(word)) {
    if (bytes == Shadow::whole) shadow.join_if_settled(word);
  } else if (bytes != Shadow::whole) {
    shadow.split(word);
  }
  const auto for_cells = [&](const auto& f) { shadow.for_cells(word, bytes, f); };
  for_cells([&](const Cell& cell) {
    if (!follows_last_write(shadow, cell)) check_last_write(doing, shadow, cell, where);
  });
  if (doing == Doing::read) return for_cells([&](const Cell& cell) { note_read(cell, where); });
  for_cells([&](const Cell& cell) {
    if (!follows_readers(shadow, cell)) check_readers(doing, shadow, cell, where);
  });
  if (doing == Doing::write && bytes == Shadow::whole && shadow.is_split(word)) shadow.join(word);
  for_cells([&](const Cell& cell) {
    // After a plain write atomics leave no record: those of other threads must come after the write too.
    const Write& last = cell.write();
    if (doing == Doing::atomic && last.what() == Kind::plain && last.tick() > checker.order.last_barrier) return;
    note_write(shadow, cell, doing == Doing::atomic ? Kind::atomic : Kind::plain, where);
  });
  note_written(shadow, word, bytes);
}

void check_elsewhere(Doing doing, std::uintptr_t address, Where where) {
  if (checker.stack.holds(address) || checker.thread_locals.holds(address)) return;
  for (const Range& image : checker.images) {
    if (image.holds(address)) return;
  }
  foreign_memory(doing, address, where);
}

}  // namespace

void check(Doing doing, const void* pointer, std::size_t size, Where where) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  Shadow* const shadow = shadow_of(address);
  if (!shadow) {
    check_elsewhere(doing, address, where);
    return;
  }
  std::uintptr_t offset = address - shadow->base();
  while (size > 0) {
    const std::size_t in_word = offset % Shadow::grain, count = std::min(Shadow::grain - in_word, size);
    check_word(doing, *shadow, offset / Shadow::grain, ((1u << count) - 1) << in_word, where);
    offset += count;
    size -= count;
  }
}

}  // namespace simt::detail::checker
