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
void add_lane(Read& read, OtherReaders& others, unsigned bytes) {
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
    read = {read.where, order.now, thread, bytes, Readers::one};
  else
    read = {read.where, read.tick(), thread, read.bytes() | bytes, Readers::warp};
  others.lanes |= own;
}

// A function of its own, since it needs registers that add_reader() would have to save.
[[gnu::noinline]] void extend_record(Read& read, OtherReaders& others, unsigned bytes, Where where) {
  if (read.what() != Readers::many && Order::same_warp(read.thread(), checker.order.thread))
    add_lane(read, others, bytes);
  else
    read = {read.where, read.tick(), read.thread(), read.bytes() | bytes, Readers::many};
  note_other(read, others, where);
}

}  // namespace

void check_last_write(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Write& last = shadow.write(word);
  if ((last.bytes() & bytes) == 0 || (doing == Doing::atomic && last.what() == Kind::atomic)) return;
  if (checker.order.before(shadow.settled, last.tick(), last.thread())) return;
  race(doing, shadow, word, last.bytes() & bytes, where,
       {name_of_write(last.what()), last.where, last.tick(), last.thread()});
}

void check_readers(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Read& read = shadow.read(word);
  const OtherReaders& others = shadow.others(word);
  if ((read.bytes() & bytes) == 0) return;
  const auto check_reader = [&](unsigned thread) {
    if (checker.order.before(shadow.settled, read.tick(), thread)) return;
    const Where there = thread == read.thread() ? read.where : others.where;
    race(doing, shadow, word, read.bytes() & bytes, where, {"read", there, read.tick(), thread});
  };
  check_reader(read.thread());
  if (read.what() == Readers::many) check_reader(others.thread);
  if (read.what() != Readers::warp) return;
  for (unsigned lane = 0; lane < warp_size; ++lane) {
    if (others.lanes >> lane & 1) check_reader(read.thread() / warp_size * warp_size + lane);
  }
}

void add_reader(Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const Order& order = checker.order;
  Read& read = shadow.read(word);
  const bool in_warp = Order::same_warp(read.thread(), order.thread);
  if (read.what() != Readers::warp || read.tick() != order.now || !in_warp || (bytes & ~read.bytes()) != 0) {
    extend_record(read, shadow.others(word), bytes, where);
    return;
  }
  shadow.others(word).lanes |= 1u << order.thread % warp_size;
  note_other(read, shadow.others(word), where);
}

}  // namespace simt::detail::checker
