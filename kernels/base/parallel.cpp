#include "kernels/base/parallel.hpp"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "kernels/base/error.hpp"
#include "kernels/base/start_thread.hpp"

namespace wengert {
namespace {

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Looks for some ten microseconds: to put a thread to sleep and wake it takes as long as many a kernel.
template <class Condition>
bool comes_soon(const Condition& condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    pause();
  }
  return false;
}

// Threads that wait for a round of work to be posted, and sleep if none comes soon. Each has a range of its own in every
// round, which the caller does if the thread has not begun when the caller is done with its own: it may be asleep, or the
// system may run something else in its place. One caller at a time uses them; a second one at the same moment (a tape on
// another thread) runs its range itself.
class Workers {
 public:
  /// Ranges of threads that the system does not start are run by the caller.
  explicit Workers(int count) : ranges_(static_cast<std::size_t>(count)) {
    try {
      threads_.reserve(ranges_.size());  // or a list that cannot grow would end the process, with threads in it
      for (int i = 1; i < count; ++i) threads_.push_back(start_thread([this, i] { work(i); }));
    } catch (const std::exception&) {
      why_fewer_ = std::current_exception();
    }
  }
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int size() const { return static_cast<int>(ranges_.size()); }
  int started() const { return static_cast<int>(threads_.size()) + 1; }
  const std::exception_ptr& why_fewer() const { return why_fewer_; }
  bool is_of_this_process() const { return forks_ == kernels::forks(); }

  bool run(std::int64_t count, kernels::RangeBody body) {
    if (busy_.exchange(true, std::memory_order_acquire)) return false;
    body_ = &body;
    count_ = count;
    left_.store(size(), std::memory_order_relaxed);
    const std::uint64_t round = round_.load(std::memory_order_relaxed) + 1;
    {
      const std::lock_guard lock(mutex_);  // or a worker might look just before, and fall asleep just after
      round_.store(round, std::memory_order_release);
    }
    wake_.notify_all();
    for (int i = 0; i < size(); ++i) perform(i, round);
    const auto all_done = [this] { return left_.load(std::memory_order_acquire) == 0 || !is_of_this_process(); };
    if (!comes_soon(all_done)) {
      std::unique_lock lock(mutex_);
      done_.wait(lock, all_done);
    }
    if (left_.load(std::memory_order_relaxed) != 0)
      fail(
          "parallel_for: its body forked, and the child lacks the ranges that other threads had begun: fork outside of "
          "kernels");
    const std::exception_ptr thrown = threw_.exchange(false, std::memory_order_relaxed) ? take_first_error() : nullptr;
    busy_.store(false, std::memory_order_release);
    if (thrown) std::rethrow_exception(thrown);
    return true;
  }

 private:
  void work(int index) {
    for (std::uint64_t seen = 0;;) {
      const auto posted = [&] {
        return round_.load(std::memory_order_acquire) != seen || stop_ || !is_of_this_process();
      };
      if (!comes_soon(posted)) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, posted);
      }
      if (stop_ || !is_of_this_process()) return;
      seen = round_.load(std::memory_order_acquire);
      perform(index, seen);
    }
  }

  // A range of that round, unless somebody has begun it. Until it is done no further round is posted.
  void perform(int index, std::uint64_t round) {
    std::uint64_t before = round - 1;
    Range& range = ranges_[static_cast<std::size_t>(index)];
    if (!range.begun.compare_exchange_strong(before, round, std::memory_order_acq_rel)) return;
    try {
      (*body_)(count_ * index / size(), count_ * (index + 1) / size());
    } catch (...) {
      range.error = std::current_exception();
      threw_.store(true, std::memory_order_relaxed);
    }
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1 && is_of_this_process()) {
      const std::lock_guard lock(mutex_);
      done_.notify_one();
    }
  }

  // Of the first range, so that one thread would have met it too.
  std::exception_ptr take_first_error() {
    std::exception_ptr first;
    for (Range& range : ranges_) {
      const std::exception_ptr error = std::exchange(range.error, nullptr);
      if (!first) first = error;
    }
    return first;
  }

  struct alignas(64) Range {              // on a cache line of its own
    std::atomic<std::uint64_t> begun{0};  // the last round in which it was begun
    std::exception_ptr error;
  };

  std::atomic<bool> busy_{false};  // not a mutex: a body that calls parallel_for again would lock its own
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<Range> ranges_;
  std::vector<std::thread> threads_;
  std::exception_ptr why_fewer_;
  const int forks_ = kernels::forks();
  const kernels::RangeBody* body_ = nullptr;
  std::int64_t count_ = 0;
  std::atomic<int> left_{0};
  std::atomic<std::uint64_t> round_{0};
  std::atomic<bool> stop_{false}, threw_{false};
};

// The process's workers. In a child of fork() these are the parent's until new ones are made.
class Crew {
 public:
  ~Crew() { retire(workers_); }

  int size() const { return size_; }

  void resize(int count) {
    auto fresh = count == 1 ? nullptr : std::make_unique<Workers>(count);
    if (fresh && fresh->started() < count) refuse(*fresh);
    size_ = count;
    made_after_ = kernels::forks();
    retire(workers_.exchange(fresh.release()));
  }

  Workers* workers() {
    Workers* const known = workers_.load(std::memory_order_acquire);
    return !known || known->is_of_this_process() ? known : after_fork();
  }

 private:
  [[noreturn]] static void refuse(const Workers& fewer) try {
    std::rethrow_exception(fewer.why_fewer());
  } catch (const std::exception& error) {
    fail("set_threads: the system starts only ", fewer.started(), " of ", fewer.size(), " threads (", error.what(),
         "): take fewer, or raise its limits (ulimit -a)");
  }

  // One thread makes them; what others run meanwhile, they run alone.
  Workers* after_fork() {
    int before = made_after_.load();
    const int now = kernels::forks();
    if (before == now || !made_after_.compare_exchange_strong(before, now)) return nullptr;
    auto* const fresh = new Workers(size_);
    workers_.store(fresh, std::memory_order_release);
    return fresh;
  }

  // The parent's workers stay as they are: their threads cannot be joined here, and to destroy what they wait for would wait
  // for them.
  static void retire(Workers* old) {
    if (old && old->is_of_this_process()) delete old;
  }

  int size_ = 1;
  std::atomic<int> made_after_{0};  // so many forks the workers were made, or are being made
  std::atomic<Workers*> workers_{nullptr};
};

Crew& crew() {
  static Crew instance;
  return instance;
}

std::atomic<int> fork_count{0};

}  // namespace

int kernels::forks() {
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { ++fork_count; });
  return fork_count.load(std::memory_order_relaxed);
}

void set_threads(int count) {
  if (count < 1 || count > 1024) fail("set_threads: takes 1 to 1024 threads, got ", count);
  if (count != threads()) crew().resize(count);
}

int threads() { return crew().size(); }

void kernels::parallel_for(std::int64_t count, std::int64_t grain, RangeBody body) {
  if (count <= 0) return;
  Workers* const workers = count < 2 * grain ? nullptr : crew().workers();
  if (workers == nullptr || !workers->run(count, body)) body(0, count);
}

}  // namespace wengert
