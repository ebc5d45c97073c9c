#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/launch.hpp"
#include "kernels/simt/runtime/heap.hpp"
#include "kernels/simt/runtime/overflow_trap.hpp"
#include "kernels/simt/runtime/watchdog.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {
namespace {

// A grid with fewer threads is done before a second worker has begun.
constexpr std::uint64_t small_grid = 100'000;
constexpr int usual_workers = 4;

[[noreturn]] void refuse(const Kernel& kernel, const std::string& what) {
  throw Error(text("kernel ", kernel.name, ": ", what));
}

// CUDA C++ Programming Guide, "Compute Capabilities": 9.0.
void check_limits(const Kernel& kernel, const Launch& extent, int most_shared_bytes) {
  const dim3 grid = extent.grid, block = extent.block;
  if (block.x > 1024 || block.y > 1024 || block.z > 64 || std::uint64_t{block.x} * block.y * block.z > largest_block)
    refuse(kernel, text("a block of ", to_string(block),
                        " threads: a device takes at most 1024, and (1024,1024,64) along the axes"));
  if (grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535)
    refuse(kernel, text("a grid of ", to_string(grid), " blocks: a device takes at most (2147483647,65535,65535)"));
  if (block.x == 0 || block.y == 0 || block.z == 0 || grid.x == 0 || grid.y == 0 || grid.z == 0)
    refuse(kernel, text("a grid of ", to_string(grid), " blocks of ", to_string(block), " threads has none"));
  if (extent.shared_bytes > static_cast<std::size_t>(most_shared_bytes))
    refuse(kernel, text(extent.shared_bytes, " bytes of dynamic shared memory: a device has at most ",
                        most_shared_bytes, " for a block"));
}

void check_setting(const char* name, int value, int least, int greatest, const char* or_else) {
  if (value >= least && value <= greatest) return;
  throw Error(text("simt::options().", name, " is ", value, ": it takes ", least, " to ", greatest, or_else));
}
void check_setting_or_0(const char* name, int value, int least, int greatest) {
  if (value != 0) check_setting(name, value, least, greatest, ", or 0");
}

int workers_for(const Job& job) {
  if (events::checking) return 1;
  const int wanted = job.options.workers;
  const auto here = static_cast<int>(std::thread::hardware_concurrency());
  const int workers = wanted > 0                              ? wanted
                      : job.blocks * job.threads < small_grid ? 1
                                                              : std::clamp(here, 1, usual_workers);
  return static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(workers), job.blocks));
}

// One launch at a time. Its workers keep their stacks for the next one, and outlive the program's last statics, since
// those may launch kernels too.
class Machine {
 public:
  void run(Job& job) {
    const std::lock_guard lock(mutex_);
    const heap::Open open;
    const int count = workers_for(job);
    while (static_cast<int>(workers_.size()) < count) workers_.push_back(std::make_unique<Worker>());
    job.lively = count;
    catch_faults();
    watchdog_.watch(std::span(workers_).first(static_cast<std::size_t>(count)), job.options.timeout);
    events::launch_begin();
    std::vector<std::thread> others;
    try {
      others.reserve(static_cast<std::size_t>(count));
      for (int i = 1; i < count; ++i) others.emplace_back([&, i] { workers_[i]->run(job); });
    } catch (const std::exception&) {  // the system starts no more: the workers so far run the blocks
      job.lively -= count - 1 - static_cast<int>(others.size());
    }
    workers_[0]->run(job);
    for (std::thread& other : others) other.join();
    events::launch_end();
    watchdog_.rest();
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Watchdog watchdog_;
};

// In a child of fork() the parent's machine is left alone: its threads are not there, and its lock may be held for ever.
constinit std::atomic<Machine*> current_machine{nullptr};

Machine& machine() {
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { current_machine = nullptr; });
  Machine* known = current_machine;
  if (!known) {
    auto fresh = std::make_unique<Machine>();
    if (current_machine.compare_exchange_strong(known, fresh.get())) known = fresh.release();
  }
  return *known;
}

}  // namespace

void launch(const Kernel& kernel, const Launch& extent) {
  if (Worker::current()) Worker::current()->fail("a kernel that launches a kernel is not emulated", {});
  const Options how = options();
  check_setting_or_0("workers", how.workers, 1, 16);
  check_setting_or_0("stack_kib", how.stack_kib, 16, 65536);
  check_setting("shared_bytes", how.shared_bytes, 16384, 232448, "");
  check_limits(kernel, extent, how.shared_bytes);
  Job job(kernel, extent, how);
  machine().run(job);
  if (!job.error.empty()) throw Error(job.error);
}

}  // namespace simt::detail
