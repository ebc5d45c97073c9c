#include "nn/data/prefetch.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "kernels/error.hpp"

namespace wengert::data {

struct Prefetch::Shared {
  explicit Shared(std::function<void(std::int64_t)> work) : prepare(std::move(work)) {}

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
};

Prefetch::Prefetch(std::function<void(std::int64_t)> prepare, On on)
    : shared_(std::make_unique<Shared>(std::move(prepare))) {
  if (!shared_->prepare) fail("prefetch: there is nothing to be called");
  if (on == On::own_thread) shared_->thread = std::thread([shared = shared_.get()] { shared->work(); });
}

Prefetch::~Prefetch() {
  if (!shared_->thread.joinable()) return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stop = true;
  }
  shared_->changed.notify_all();
  shared_->thread.join();
}

void Prefetch::start(std::int64_t count) {
  if (count < 0) fail("prefetch: the number of items must be at least 0, got ", count);
  std::unique_lock lock(shared_->mutex);
  shared_->count = 0;  // nothing new is begun
  shared_->changed.wait(lock, [this] { return !shared_->busy; });
  shared_->ready = shared_->taken = 0;
  shared_->error = nullptr;
  shared_->count = count;
  shared_->changed.notify_all();
}

std::int64_t Prefetch::next() {
  std::unique_lock lock(shared_->mutex);
  if (shared_->taken == shared_->count) fail("next: all ", shared_->count, " items have been handed out");
  if (!shared_->thread.joinable()) {
    shared_->prepare(shared_->taken);
    return shared_->taken++;
  }
  shared_->changed.wait(lock, [this] { return shared_->ready > shared_->taken || shared_->error; });
  if (shared_->ready == shared_->taken) std::rethrow_exception(shared_->error);
  const std::int64_t item = shared_->taken++;
  shared_->changed.notify_all();
  return item;
}

}  // namespace wengert::data
