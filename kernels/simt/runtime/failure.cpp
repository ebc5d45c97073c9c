// How a block ends in an error, and why its threads cannot go on, in words.
#include <algorithm>
#include <exception>
#include <utility>

#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {

std::string Worker::describe(unsigned thread, const std::string& message, Source source) const {
  const std::string line = source.file ? to_string(source) + ": " : "";
  return text(to_string(place_of(thread)), ": ", line, message);
}

void Worker::fail_at(unsigned thread, std::string message, Source source) {
  error_ = describe(thread, message, source);
  std::string().swap(message);  // nobody comes back to free it
  leave_block();
}

void Worker::fail_overflow() {
  overflowed_ = true;  // the text is made elsewhere: this runs in a signal handler
  leave_block();
}

void Worker::leave_block() {
  Fiber& from = *fiber_;
  fiber_ = host_.get();
  from.switch_to(*fiber_);
  std::terminate();  // nobody comes back here
}

std::string Worker::why_stuck() const {
  const auto first_in = [&](State state) {
    return static_cast<unsigned>(std::find(states_.begin(), states_.begin() + threads_, state) - states_.begin());
  };
  if (barrier_.arrived == live_) {
    return describe(first_in(State::at_barrier),
                    text(barrier_.name, ": ", threads_ - live_, " of ", threads_,
                         " threads returned without reaching it, the first of them thread ",
                         to_string(index_[first_in(State::returned)])),
                    barrier_.source);
  }
  return text("kernel ", job_->kernel.name, ", block ", to_string(block_), ": deadlock: ", who_waits());
}

std::string Worker::why_hopeless() const {
  const std::string others = who_waits();
  return text(
      "the thread waits in a loop, and no thread that runs could end that: blocks come in any order, one after "
      "another, so that none may wait for another",
      others.empty() ? "" : "; ", others);
}

// Threads that follow one another and wait at the same place are told as one.
std::string Worker::who_waits() const {
  std::string all;
  for (unsigned begin = 0, end; begin < threads_; begin = end) {
    const std::string where = waits_where(begin);
    for (end = begin + 1; end < threads_ && waits_where(end) == where;) ++end;
    if (where.empty()) continue;
    if (!all.empty()) all += "; ";
    all += end - begin == 1 ? text("thread ", begin, " waits at ", where)
                            : text("threads ", begin, "..", end - 1, " wait at ", where);
  }
  return all;
}

std::string Worker::waits_where(unsigned thread) const {
  if (states_[thread] == State::at_barrier) return text(barrier_.name, ' ', to_string(barrier_.source));
  if (states_[thread] != State::at_collective) return {};
  const auto& groups = warps_[thread / 32].groups;
  const auto group = std::find_if(groups.begin(), groups.end(),
                                  [&](const Group& each) { return each.lanes.mask >> thread % 32 & 1u; });
  return text(group->name, ' ', to_string(group->source), " for the lanes of ", hexadecimal(group->lanes.named));
}

}  // namespace simt::detail
