#include "kernels/simt/checker/races.hpp"

namespace simt::detail::checker {
namespace {

const char* name_of_write(Kind kind) {
  return kind == Kind::atomic ? "atomic" : kind == Kind::async ? "cp.async" : "write";
}

// The running thread is among the readers, who have not been ordered.
void note_other(Read& read, OtherReaders& others, Where where) {
  const unsigned thread = checker.order.thread;
  if (read.thread() == thread) {
    read.where = where;
  } else {
    others.thread = static_cast<std::uint16_t>(thread);
    others.where = where;
  }
}

// A read in a warp of which others have read. Those that a __syncwarp has put before it need no record.
void add_lane(Read& read, OtherReaders& others) {
  const Order& order = checker.order;
  const std::uint32_t own = 1u << order.thread % warp_size;
  if (read.what() == Readers::one) others.lanes = 1u << read.thread() % warp_size;
  if (read.tick() != order.now) {
    for (unsigned lane = 0; lane < warp_size; ++lane) {
      if (order.before_in_warp(read.tick(), order.thread / warp_size * warp_size + lane)) others.lanes &= ~(1u << lane);
    }
  }
  const bool among_them = others.lanes >> read.thread() % warp_size & 1;
  const unsigned thread = among_them ? read.thread() : order.thread;
  if ((others.lanes & ~own) == 0)
    read = {read.where, order.now, thread, Readers::one};
  else
    read = {read.where, read.tick(), thread, Readers::warp};
  others.lanes |= own;
}

// A function of its own, since it needs registers that add_reader() would have to save.
[[gnu::noinline]] void extend_record(Read& read, OtherReaders& others, Where where) {
  if (read.what() != Readers::many && Order::same_warp(read.thread(), checker.order.thread))
    add_lane(read, others);
  else
    read = {read.where, read.tick(), read.thread(), Readers::many};
  note_other(read, others, where);
}

}  // namespace

void check_last_write(Doing doing, const Shadow& shadow, const Cell& cell, Where where) {
  const Write& last = cell.write();
  if (doing == Doing::atomic && last.what() == Kind::atomic) return;
  if (checker.order.before(shadow.settled, last.tick(), last.thread())) return;
  race(doing, shadow, cell, where, {name_of_write(last.what()), last.where, last.tick(), last.thread()});
}

void check_readers(Doing doing, const Shadow& shadow, const Cell& cell, Where where) {
  const Read& read = cell.read();
  const OtherReaders& others = cell.others();
  const auto check_reader = [&](unsigned thread) {
    if (checker.order.before(shadow.settled, read.tick(), thread)) return;
    const Where there = thread == read.thread() ? read.where : others.where;
    race(doing, shadow, cell, where, {"read", there, read.tick(), thread});
  };
  check_reader(read.thread());
  if (read.what() == Readers::many) check_reader(others.thread);
  if (read.what() != Readers::warp) return;
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (others.lanes >> lane & 1) check_reader(read.thread() / warp_size * warp_size + lane);
  }
}

void add_reader(const Cell& cell, Where where) {
  const Order& order = checker.order;
  Read& read = cell.read();
  const bool in_warp = Order::same_warp(read.thread(), order.thread);
  if (read.what() != Readers::warp || read.tick() != order.now || !in_warp) {
    extend_record(read, cell.others(), where);
    return;
  }
  cell.others().lanes |= 1u << order.thread % warp_size;
  note_other(read, cell.others(), where);
}

}  // namespace simt::detail::checker
