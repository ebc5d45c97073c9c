// A thread of the operating system that runs blocks, one after another: each CUDA thread on a fiber, one at a time.
//
// A fiber runs fresh threads back to back; only where one blocks does another fiber take over. A kernel without barriers
// thus costs no switch. A thread that blocks switches straight to the next one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "kernels/simt/runtime/arena.hpp"
#include "kernels/simt/runtime/async_queue.hpp"
#include "kernels/simt/runtime/fiber.hpp"
#include "kernels/simt/runtime/job.hpp"
#include "kernels/simt/runtime/ready_queue.hpp"
#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/text.hpp"
#include "kernels/simt/runtime/turns.hpp"

namespace simt::detail {

class Worker {
 public:
  /// Runs blocks of the job until all are taken or one has failed. Throws nothing: errors are the job's.
  void run(Job& job);

  /// The worker of this thread of the operating system, while it runs blocks.
  static Worker* current();

  // What the CUDA thread that runs asks for: see runtime.hpp.
  Place here() const { return place_of(running()); }
  [[noreturn]] void fail(std::string message, Source source) { fail_at(running(), std::move(message), source); }
  int barrier(const char* name, int predicate, Source source);
  void collective(const char* name, unsigned mask, const void* in, void* out, Combine combine, Source source);
  void yield(Source source);
  void* shared(const void* site, std::size_t bytes, std::size_t alignment, const char* name, Source source);
  void* dynamic_shared(std::size_t alignment, const char* name);
  AsyncQueue& async_queue();

  /// Whether the address lies below the stack that is in use.
  bool is_overflow(const void* address) const { return fiber_->guard_holds(address); }
  [[noreturn]] void fail_overflow();

  /// For the watchdog, from another thread: counts on while threads start, block and go on.
  std::uint64_t beats() const { return beats_.load(std::memory_order_relaxed); }
  /// The processor time of the thread that runs this worker; 0 if none does.
  double processor_seconds() const;

 private:
  static constexpr clockid_t no_clock = -1;
  enum class State : std::uint8_t { going, at_barrier, at_collective, yielding, returned };
  // What a fiber turns to when its thread stops: one that can go on, or one that has not begun.
  enum class Next : std::uint8_t { ready, fresh };
  // Lanes of a warp on their way to the same collective.
  struct Group {
    const char* name;
    Combine combine;
    Source source;
    Lanes lanes;
  };
  struct Warp {
    unsigned alive;  // lanes that exist and have not returned
    std::vector<Group> groups;
  };

  // worker.cpp
  void prepare(Job& job);
  void run_block(std::uint64_t turn);
  static void fiber_main();
  void run_threads();
  void run_thread(unsigned thread);
  void finish_thread();
  void set_running(unsigned thread);
  unsigned running() const { return running_.load(std::memory_order_relaxed); }
  Fiber& take_fiber();
  /// The running thread stops; it goes on when its turn comes in the ready queue.
  void park(State state, Next next);
  void switch_from(Fiber& from, Next next);
  Place place_of(unsigned thread) const;

  // collective.cpp
  static Group& group_for(Warp& warp, const char* name, unsigned mask, Combine combine, Source source);
  void complete_if_all_came(Warp& warp, Group& group);

  // yield.cpp
  void note_progress();
  bool is_hopeless();

  // failure.cpp
  std::string describe(unsigned thread, const std::string& message, Source source) const;
  [[noreturn]] void fail_at(unsigned thread, std::string message, Source source);
  [[noreturn]] void leave_block();
  std::string why_stuck() const;
  std::string why_hopeless() const;
  std::string who_waits() const;
  std::string waits_where(unsigned thread) const;

  // The launch.
  Job* job_ = nullptr;
  unsigned threads_ = 0;
  dim3 block_extent_{0, 0, 0};
  std::array<uint3, largest_block> index_;  // threadIdx by thread number

  // The block.
  std::uint64_t block_turn_ = 0;
  uint3 block_{0, 0, 0};
  Turns turns_;
  unsigned started_ = 0, live_ = 0;
  std::array<State, largest_block> states_;
  std::array<Fiber*, largest_block> fiber_of_;  // of threads that are not running
  ReadyQueue ready_;
  struct {
    const char* name;
    Source source;
    unsigned arrived;
    int count, result;
  } barrier_{};
  std::array<Warp, largest_block / 32> warps_;
  Arena arena_;
  std::array<AsyncQueue, largest_block> async_;
  bool async_in_use_ = false;
  std::string error_;  // not empty: the block has failed
  bool overflowed_ = false;

  // The thread that runs.
  uint3* thread_index_ = nullptr;
  Fiber* fiber_ = nullptr;
  std::atomic<unsigned> running_{0};
  std::atomic<std::uint64_t> beats_{0};
  std::atomic<clockid_t> clock_{no_clock};
  unsigned tries_ = 0, idle_turns_ = 0;  // of threads that yield
  bool is_lively_ = false;               // counted in job_->lively
  int lively_others_ = 0;                // when this worker looked last

  // Stacks.
  std::unique_ptr<Fiber> host_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> free_;
  Fibers kind_ = Fibers::native;
  std::size_t stack_bytes_ = 0;
};

}  // namespace simt::detail
