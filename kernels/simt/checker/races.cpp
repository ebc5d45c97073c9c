#include "kernels/simt/checker/checker.hpp"

namespace simt::detail::checker {
namespace {

const char* name_of_write(Kind kind) {
  return kind == Kind::atomic ? "atomic" : kind == Kind::async ? "cp.async" : "write";
}

}  // namespace

void check_last_write(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Access& last = shadow.word(word).write;
  if ((last.bytes & bytes) == 0 || (doing == Doing::atomic && last.kind == Kind::atomic)) return;
  if (checker.order.before(shadow.settled, last.tick, last.thread)) return;
  race(doing, shadow, word, last.bytes & bytes, where, {name_of_write(last.kind), last.where, last.tick, last.thread});
}

void check_readers(Doing doing, Shadow& shadow, std::size_t index, unsigned bytes, Where where) {
  const Word& word = shadow.word(index);
  const Access& read = word.read;
  if ((read.bytes & bytes) == 0) return;
  const auto check_reader = [&](unsigned thread) {
    if (checker.order.before(shadow.settled, read.tick, thread)) return;
    const Where there = thread == read.thread ? read.where : word.other_where;
    race(doing, shadow, index, read.bytes & bytes, where, {"read", there, read.tick, thread});
  };
  check_reader(read.thread);
  if (word.lanes == 0) check_reader(word.other);
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (word.lanes >> lane & 1) check_reader(read.thread / warp_size * warp_size + lane);
  }
}

void add_reader(Word& word, unsigned bytes, Where where) {
  const Order& order = checker.order;
  const std::uint32_t own = 1u << order.thread % warp_size;
  Access& read = word.read;
  if (word.lanes != 0 && Order::same_warp(read.thread, order.thread)) {
    if (read.tick != order.now) {  // those that a __syncwarp has put before this one need no record
      for (unsigned lane = 0; lane < warp_size; ++lane) {
        if (order.before_in_warp(read.tick, order.thread / warp_size * warp_size + lane)) word.lanes &= ~(1u << lane);
      }
      if ((word.lanes >> read.thread % warp_size & 1) == 0) read.thread = static_cast<std::uint16_t>(order.thread);
      if ((word.lanes & ~own) == 0) read.tick = order.now, read.bytes = 0;
    }
    word.lanes |= own;
  } else {
    word.lanes = 0;
  }
  note_other(word, where);
  read.bytes |= static_cast<std::uint8_t>(bytes);
}

void check_elsewhere(Doing doing, std::uintptr_t address, Where where) {
  if (checker.arguments.holds(address) && doing == Doing::read) return;
  for (const Range& image : checker.images) {
    if (image.holds(address)) return;
  }
  foreign_memory(doing, address, where);
}

}  // namespace simt::detail::checker
