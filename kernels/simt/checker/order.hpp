// Which accesses come before which, by what CUDA promises and not by how the simulator happened to run them.
//
// Within a thread, by program order; within a warp, by __syncwarp; within a block, by __syncthreads; and between any two
// threads, from a fence followed by an atomic to an atomic on the same address that comes later. Shuffles, votes and
// atomics alone order nothing.
//
// A barrier orders everything before it, so that one tick tells it. For __syncwarp each thread keeps a clock: for each
// lane of its warp, up to which tick that lane's accesses come before its own next ones. Blocks run one after another.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "kernels/simt/checker/shadow.hpp"

namespace simt::detail::checker {

inline constexpr unsigned most_threads = 1024, warp_size = 32;

/// Whom a fence is for: the threads of the block, or of the device.
enum class Scope : std::uint8_t { block, device };

class Order {
 public:
  Tick now = 1;
  Tick block_start = 1;
  Tick last_barrier = 0;  // all that is not later than it comes before all that is
  unsigned thread = 0;    // the one that runs
  std::uint64_t block = 0;

  /// Whether an access comes before what the running thread does next. `settled`: see Shadow.
  bool before(Tick settled, Tick tick, unsigned by) const {
    return quickly_before(settled, tick, by) || slowly_before(tick, by);
  }
  bool quickly_before(Tick settled, Tick tick, unsigned by) const {
    return tick <= settled || (tick >= block_start && (tick <= last_barrier || by == thread));
  }
  /// Without what a fence and an atomic may have ordered.
  bool before_in_warp(Tick tick, unsigned by) const {
    return by / warp_size == thread / warp_size && tick <= clocks_[thread][by % warp_size];
  }
  static bool same_warp(unsigned a, unsigned b) { return a / warp_size == b / warp_size; }
  /// The block that made an access in this launch.
  std::uint64_t block_of(Tick tick) const;

  Tick launch_begin();                     // the settled tick of device memory
  Tick block_begin(std::uint64_t number);  // of shared memory
  void barrier();
  void warp_sync(unsigned warp, unsigned lanes);
  void fence(Scope scope);
  /// The running thread's atomic on an address: it publishes what the thread's last fence covers, and shows the thread what
  /// earlier atomics there published.
  void synchronise(std::uintptr_t address, bool shared);

  /// The running thread writes device memory, which is yet to be covered by a fence.
  void writes_device_memory() {
    if (!unfenced_[thread]) {
      unfenced_[thread] = true;
      ++unfenced_threads_;
    }
  }

 private:
  using Clock = std::array<Tick, warp_size>;

  // What a fence covers: accesses of the whole block, of the thread itself and of its warp's lanes, each up to a tick.
  struct Covered {
    Tick block = 0, own = 0;
    Clock lanes{};
  };
  struct Release {
    std::uint64_t block;
    unsigned thread;
    Scope scope;
    Covered covered;
    std::size_t previous;  // release of the block there, counted from 1; 0 is none
  };
  struct Location {
    std::vector<Release> releases;
    std::unordered_map<std::uint64_t, std::size_t> last;  // release of each block, counted from 1
  };
  using Locations = std::unordered_map<std::uintptr_t, Location>;
  struct Acquired {
    const Location* location;
    std::size_t count;  // of its releases
    unsigned thread;
    Tick tick;
  };

  bool slowly_before(Tick tick, unsigned by) const;
  bool released(const Acquired& acquired, std::uint64_t from, Tick tick, unsigned by) const;
  bool sees(const Acquired& acquired) const;
  void release(Location& location, Scope scope);
  void acquire(const Location& location);

  std::array<Clock, most_threads> clocks_{};
  std::vector<std::pair<Tick, std::uint64_t>> blocks_;  // when each block of the launch began

  std::array<std::array<Covered, most_threads>, 2>
      fences_{};  // by scope, each thread's last; may be of an earlier block
  Tick last_fence_ = 0;
  std::array<bool, most_threads> unfenced_{};
  unsigned unfenced_threads_ = 0;
  Tick fenced_barrier_ = 0;  // the last barrier before which every thread had fenced what it wrote

  Locations device_, shared_;
  std::vector<Acquired> acquired_;  // by this block
};

}  // namespace simt::detail::checker
