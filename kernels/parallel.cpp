#include "kernels/parallel.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/error.hpp"

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
  explicit Workers(int count) : begun_(static_cast<std::size_t>(count)) {
    for (int i = 1; i < count; ++i) threads_.emplace_back([this, i] { work(i); });
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

  int size() const { return static_cast<int>(begun_.size()); }

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
    const auto all_done = [this] { return left_.load(std::memory_order_acquire) == 0; };
    if (!comes_soon(all_done)) {
      std::unique_lock lock(mutex_);
      done_.wait(lock, all_done);
    }
    busy_.store(false, std::memory_order_release);
    return true;
  }

 private:
  void work(int index) {
    for (std::uint64_t seen = 0;;) {
      const auto posted = [&] { return stop_ || round_.load(std::memory_order_acquire) != seen; };
      if (!comes_soon(posted)) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, posted);
      }
      if (stop_) return;
      seen = round_.load(std::memory_order_acquire);
      perform(index, seen);
    }
  }

  // A range of that round, unless somebody has begun it. Until it is done no further round is posted.
  void perform(int index, std::uint64_t round) {
    std::uint64_t before = round - 1;
    auto& begun = begun_[static_cast<std::size_t>(index)].round;
    if (!begun.compare_exchange_strong(before, round, std::memory_order_acq_rel)) return;
    (*body_)(count_ * index / size(), count_ * (index + 1) / size());
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      const std::lock_guard lock(mutex_);
      done_.notify_one();
    }
  }

  struct alignas(64) Begun {  // on a cache line of its own
    std::atomic<std::uint64_t> round{0};
  };

  std::atomic<bool> busy_{false};  // not a mutex: a body that calls parallel_for again would lock its own
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<Begun> begun_;  // for each range, the last round in which it was begun
  std::vector<std::thread> threads_;
  const kernels::RangeBody* body_ = nullptr;
  std::int64_t count_ = 0;
  std::atomic<int> left_{0};
  std::atomic<std::uint64_t> round_{0};
  std::atomic<bool> stop_{false};
};

std::unique_ptr<Workers>& workers() {
  static std::unique_ptr<Workers> instance;
  return instance;
}

}  // namespace

void set_threads(int count) {
  if (count < 1 || count > 1024) fail("set_threads: takes 1 to 1024 threads, got ", count);
  if (count == threads()) return;
  workers() = count == 1 ? nullptr : std::make_unique<Workers>(count);
}

int threads() { return workers() ? workers()->size() : 1; }

void kernels::parallel_for(std::int64_t count, std::int64_t grain, RangeBody body) {
  if (count <= 0) return;
  Workers* const crew = workers().get();
  if (crew == nullptr || count < 2 * grain || !crew->run(count, body)) body(0, count);
}

}  // namespace wengert
