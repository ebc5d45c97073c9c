#include "kernels/simt/runtime/worker.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/index.hpp"
#include "kernels/simt/runtime/overflow_trap.hpp"
#include "kernels/simt/runtime/sanitizer.hpp"

namespace simt::detail {
namespace {

constinit thread_local Worker* current_worker = nullptr;

std::size_t stack_bytes_of(const Options& options) {
  const int kib = options.stack_kib != 0 ? options.stack_kib : sanitizer::on ? 256 : 64;
  return static_cast<std::size_t>(kib) << 10;
}

}  // namespace

double Worker::processor_seconds() const {
  timespec time{};
  const clockid_t clock = clock_;
  if (clock == no_clock || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Worker* Worker::current() { return current_worker; }

void Worker::run(Job& job) {
  job_ = &job;
  is_lively_ = true;  // as the job says of every worker at the start
  lively_others_ = job.lively - 1;
  current_worker = this;
  clockid_t clock = no_clock;
  pthread_getcpuclockid(pthread_self(), &clock);
  clock_ = clock;
  std::uint64_t turn = 0;
  try {
    const OverflowTrap trap;
    prepare(job);
    for (turn = job.next_turn++; turn < job.blocks && turn < job.failed_turn; turn = job.next_turn++) run_block(turn);
  } catch (const std::exception& exception) {  // no memory
    job.fail(turn, text("kernel ", job.kernel.name, ": ", exception.what()));
  }
  clock_ = no_clock;
  current_worker = nullptr;
  if (std::exchange(is_lively_, false)) --job.lively;
  threadIdx = blockIdx = uint3{0, 0, 0};
  blockDim = gridDim = dim3{0, 0, 0};
}

void Worker::prepare(Job& job) {
  threads_ = job.threads;
  thread_index_ = &threadIdx;
  blockDim = job.extent.block;
  gridDim = job.extent.grid;
  const dim3 extent = job.extent.block;
  for (unsigned thread = 0; thread < threads_; ++thread)
    index_[thread] = {thread % extent.x, thread / extent.x % extent.y, thread / (extent.x * extent.y)};
  turns_.set(job.options.order, job.options.seed, threads_);
  async_in_use_ = false;

  const std::size_t stack_bytes = stack_bytes_of(job.options);
  if (host_ && kind_ == job.options.fibers && stack_bytes_ == stack_bytes) return;
  free_.clear();
  fibers_.clear();
  kind_ = job.options.fibers;
  stack_bytes_ = stack_bytes;
  host_ = std::make_unique<Fiber>(kind_);
}

void Worker::run_block(std::uint64_t turn) {
  const std::uint64_t number = job_->order(turn);
  const dim3 grid = job_->extent.grid;
  blockIdx = block_ = {static_cast<unsigned>(number % grid.x), static_cast<unsigned>(number / grid.x % grid.y),
                       static_cast<unsigned>(number / grid.x / grid.y)};
  if (job_->options.order == Order::shuffled) turns_.set(Order::shuffled, job_->options.seed + number + 1, threads_);
  arena_.clear(job_->extent.shared_bytes, static_cast<std::size_t>(job_->options.shared_bytes));
  started_ = 0;
  live_ = threads_;
  ready_.clear();
  barrier_.arrived = 0;
  for (unsigned warp = 0; 32 * warp < threads_; ++warp) {
    warps_[warp].alive = ~0u >> (32 - std::min(threads_ - 32 * warp, 32u));
    warps_[warp].groups.clear();
  }
  note_progress();
  events::block_begin(number, threads_);

  fiber_ = &take_fiber();
  host_->switch_to(*fiber_);

  events::watch(false);  // a stack overflow comes here from a kernel's own code
  if (std::exchange(overflowed_, false)) {
    error_ = describe(running(),
                      text("stack overflow: the thread has ", stack_bytes_ >> 10,
                           " KiB for its local variables, and SIMT_STACK_KB can give it more"),
                      {});
  }
  if (error_.empty()) return;
  job_->fail(turn, std::exchange(error_, {}));
  free_.clear();
  for (const auto& fiber : fibers_) {
    fiber->abandon();
    free_.push_back(fiber.get());
  }
}

Fiber& Worker::take_fiber() {
  if (free_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(kind_, stack_bytes_, static_cast<unsigned>(fibers_.size())));
    free_.push_back(fibers_.back().get());
  }
  Fiber& fiber = *free_.back();
  free_.pop_back();
  fiber.start(fiber_main);
  return fiber;
}

void Worker::fiber_main() {
  current_worker->fiber_->arrive();
  current_worker->run_threads();
}

void Worker::run_threads() {
  do run_thread(turns_.threads[started_++]);
  while (started_ < threads_ && ready_.empty());
  sanitizer::forget_frames();
  free_.push_back(fiber_);
  switch_from(*fiber_, Next::ready);
}

void Worker::run_thread(unsigned thread) {
  set_running(thread);
  if (async_in_use_) async_[thread] = {};
  try {
    const events::Watch watch;
    job_->kernel.call(job_->kernel.arguments);
  } catch (const std::exception& exception) {
    error_ = describe(thread, text("the kernel threw: ", exception.what()), {});
  } catch (...) {
    error_ = describe(thread, "the kernel threw", {});
  }
  if (!error_.empty()) leave_block();
  finish_thread();
}

void Worker::finish_thread() {
  const unsigned thread = running();
  if (async_in_use_ && !async_[thread].copies.empty())
    fail("the thread returned before this copy had arrived: it must wait for it", async_[thread].copies[0].issued);
  states_[thread] = State::returned;
  --live_;
  Warp& warp = warps_[thread / 32];
  warp.alive &= ~(1u << thread % 32);
  for (std::size_t group = warp.groups.size(); group-- > 0;) complete_if_all_came(warp, warp.groups[group]);
  note_progress();
}

void Worker::set_running(unsigned thread) {
  running_.store(thread, std::memory_order_relaxed);
  beats_.store(beats() + 1, std::memory_order_relaxed);
  states_[thread] = State::going;
  *thread_index_ = index_[thread];
  events::thread_runs(thread, fiber_->lowest(), fiber_->end());
}

void Worker::park(State state, Next next) {
  const unsigned thread = running();
  states_[thread] = state;
  fiber_of_[thread] = fiber_;
  switch_from(*fiber_, next);
}

void Worker::switch_from(Fiber& from, Next next) {
  const bool fresh = started_ < threads_;
  if (!ready_.empty() && !(fresh && next == Next::fresh)) {
    const unsigned thread = ready_.pop();
    fiber_ = fiber_of_[thread];
    set_running(thread);
  } else if (fresh) {
    fiber_ = &take_fiber();
  } else {
    if (live_ > 0) error_ = why_stuck();
    fiber_ = host_.get();
  }
  if (fiber_ != &from) from.switch_to(*fiber_);
}

void* Worker::shared(const void* site, std::size_t bytes, std::size_t alignment, const char* name, Source source) {
  if (void* const found = arena_.find(site)) return found;
  std::string why;
  void* const made = arena_.make(site, bytes, alignment, name, why);
  if (!made) fail(std::move(why), source);
  return made;
}

void* Worker::dynamic_shared(std::size_t alignment, const char* name) {
  void* const found = arena_.find(nullptr);
  return found ? found : arena_.make_dynamic(alignment, name);
}

AsyncQueue& Worker::async_queue() {
  if (!std::exchange(async_in_use_, true)) {
    for (AsyncQueue& queue : async_) queue = {};
  }
  return async_[running()];
}

Place Worker::place_of(unsigned thread) const { return {job_->kernel.name, block_, index_[thread]}; }

}  // namespace simt::detail
