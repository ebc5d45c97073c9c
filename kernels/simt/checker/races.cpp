#include "kernels/simt/checker/races.hpp"

#include "kernels/simt/checker/usual.hpp"

namespace simt::detail::checker {
namespace {

const char* name_of_write(Kind kind) {
  return kind == Kind::atomic ? "atomic" : kind == Kind::async ? "cp.async" : "write";
}

// A read in a warp of which others have read. Those that a __syncwarp has put before it need no record.
void add_lane(Read& read, OtherReaders& others) {
  const Order& order = checker.order;
  const std::uint32_t own = 1u << order.thread % warp_size;
  if (read.readers == Readers::one) others.lanes = 1u << read.thread % warp_size;
  if (read.tick != order.now) {
    for (unsigned lane = 0; lane < warp_size; ++lane) {
      if (order.before_in_warp(read.tick, order.thread / warp_size * warp_size + lane)) others.lanes &= ~(1u << lane);
    }
    if ((others.lanes >> read.thread % warp_size & 1) == 0) read.thread = static_cast<std::uint16_t>(order.thread);
    if ((others.lanes & ~own) == 0) read.tick = order.now, read.bytes = 0;
  }
  others.lanes |= own;
  read.readers = others.lanes == own ? Readers::one : Readers::warp;
}

}  // namespace

void check_last_write(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Write& last = shadow.write(word);
  if ((last.bytes & bytes) == 0 || (doing == Doing::atomic && last.kind == Kind::atomic)) return;
  if (checker.order.before(shadow.settled, last.tick, last.thread)) return;
  race(doing, shadow, word, last.bytes & bytes, where, {name_of_write(last.kind), last.where, last.tick, last.thread});
}

void check_readers(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Read& read = shadow.read(word);
  const OtherReaders& others = shadow.others(word);
  if ((read.bytes & bytes) == 0) return;
  const auto check_reader = [&](unsigned thread) {
    if (checker.order.before(shadow.settled, read.tick, thread)) return;
    const Where there = thread == read.thread ? read.where : others.where;
    race(doing, shadow, word, read.bytes & bytes, where, {"read", there, read.tick, thread});
  };
  check_reader(read.thread);
  if (read.readers == Readers::many) check_reader(others.thread);
  if (read.readers != Readers::warp) return;
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (others.lanes >> lane & 1) check_reader(read.thread / warp_size * warp_size + lane);
  }
}

void add_reader(Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  Read& read = shadow.read(word);
  OtherReaders& others = shadow.others(word);
  if (read.readers != Readers::many && Order::same_warp(read.thread, checker.order.thread))
    add_lane(read, others);
  else
    read.readers = Readers::many;
  note_other(read, others, where);
  read.bytes |= static_cast<std::uint8_t>(bytes);
}

}  // namespace simt::detail::checker
