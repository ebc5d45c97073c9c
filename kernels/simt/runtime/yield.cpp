// Threads that wait in a loop, and when to give up on them.
#include <thread>
#include <utility>

#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {
namespace {

// A thread that yields goes on at once but for each so many times: most atomics that change nothing wait for nobody.
constexpr unsigned tries_per_turn = 16;
// So many turns of each thread without anything else happening, and there is no hope: a loop may well count to some
// thousands before it gives up by itself.
constexpr unsigned patience = 4096;

}  // namespace

void Worker::yield(Source source) {
  if (++tries_ % tries_per_turn != 0) return;
  if (++idle_turns_ > patience * live_ && is_hopeless()) fail(why_hopeless(), source);
  ready_.push(running());
  park(State::yielding, Next::fresh);  // who waits may wait for a thread that has not begun
}

void Worker::note_progress() {
  idle_turns_ = 0;
  if (!std::exchange(is_lively_, true)) ++job_->lively;
}

bool Worker::is_hopeless() {
  if (std::exchange(is_lively_, false)) --job_->lively;
  const int others = job_->lively;
  if (others == 0 && lively_others_ == 0) return true;
  // What the others did until now may have ended the waiting: each thread looks once more.
  lively_others_ = others;
  idle_turns_ = 0;
  std::this_thread::yield();
  return false;
}

}  // namespace simt::detail
