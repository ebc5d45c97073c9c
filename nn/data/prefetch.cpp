#include "nn/data/prefetch.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "kernels/base/error.hpp"
#include "kernels/base/parallel.hpp"
#include "kernels/base/start_thread.hpp"

namespace wengert::data {

struct Prefetch::Shared {
  explicit Shared(std::function<void(std::int64_t)> work) : prepare(std::move(work)) {}

  void begin() {
    try {
      thread = start_thread([this] { work(); });
    } catch (const std::exception&) {  // the system starts none: the caller prepares
    }
  }
  // In a child of fork() the thread is not there, and the lock may be held for ever.
  bool has_lost_thread() const { return thread.joinable() && forks != kernels::forks(); }

  // Item ready + 1 would go where item taken - 1 lies, which the caller is reading.
  bool may_prepare() const { return ready < count && ready <= taken && !error; }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return stop || may_prepare(); });
      if (stop) return;
      busy = true;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        prepare(ready);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      busy = false;
      error = thrown;
      if (!error) ++ready;
      changed.notify_all();
    }
  }

  const std::function<void(std::int64_t)> prepare;
  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t count = 0, ready = 0, taken = 0;  // of `count` items so many are prepared, and so many handed out
  bool busy = false, stop = false;
  std::exception_ptr error;
  std::thread thread;
  const int forks = kernels::forks();
};

Prefetch::Prefetch(std::function<void(std::int64_t)> prepare, On on)
    : shared_(std::make_unique<Shared>(std::move(prepare))) {
  if (!shared_->prepare) fail("prefetch: there is nothing to be called");
  if (on == On::own_thread) shared_->begin();
}

Prefetch::~Prefetch() {
  if (shared_->has_lost_thread()) {
    [[maybe_unused]] const Shared* const stays = shared_.release();  // its thread cannot be joined
    return;
  }
  if (!shared_->thread.joinable()) return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
  }
  shared_->changed.notify_all();
  shared_->thread.join();
}

Prefetch::Shared& Prefetch::shared() {
  if (shared_->has_lost_thread()) {
    // What the caller alone writes is whole. The item after it may be half prepared.
    const Shared& lost = *shared_.release();  // stays: its thread cannot be joined
    shared_ = std::make_unique<Shared>(lost.prepare);
    shared_->count = lost.count;
    shared_->ready = shared_->taken = lost.taken;
    shared_->begin();
  }
  return *shared_;
}

void Prefetch::start(std::int64_t count) {
  if (count < 0) fail("prefetch: the number of items must be at least 0, got ", count);
  Shared& own = shared();
  std::unique_lock lock(own.mutex);
  own.count = 0;  // nothing new is begun
  own.changed.wait(lock, [&] { return !own.busy; });
  own.ready = own.taken = 0;
  own.error = nullptr;
  own.count = count;
  own.changed.notify_all();
}

std::int64_t Prefetch::next() {
  Shared& own = shared();
  std::unique_lock lock(own.mutex);
  if (own.taken == own.count) fail("next: all ", own.count, " items have been handed out");
  if (!own.thread.joinable()) {
    own.prepare(own.taken);
    return own.taken++;
  }
  own.changed.wait(lock, [&] { return own.ready > own.taken || own.error; });
  if (own.ready == own.taken) std::rethrow_exception(own.error);
  const std::int64_t item = own.taken++;
  own.changed.notify_all();
  return item;
}

}  // namespace wengert::data
