// What the runtime and the device functions tell the checker. In `simt` these are empty; in `simt_checked` the checker
// keeps shadow memory by them, and the kernels' own reads and writes reach it through the compiler's instrumentation.
//
// What the checker asks of its callers:
// - While `checking`, there is one worker, whichever it is, and one launch at a time.
// - fail() (runtime.hpp) is called from within instrumented code, through which no exception can pass: it must leave the
//   kernel by a switch of stacks, as the stacks of the other threads are left.
// - Between two shared variables lie at least `red_zone` bytes. (Device memory comes from the checker's own heap.cpp.)
// - Code of our headers that reads or writes memory of kernels on their behalf (atomics, __ldg, cp.async, ldmatrix) is
//   marked SIMT_UNCHECKED, and says by read(), write() and atomic(), with the kernel's line, what it does, before it
//   does it.
// - The runtime runs in a Pause, from its entry by a device function on: what it calls of the standard library may, by the
//   linker's choice, be the instrumented copy of a kernel's file.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/runtime/source.hpp"

#ifdef SIMT_CHECKED
#define SIMT_UNCHECKED __attribute__((no_sanitize("thread")))
#define SIMT_EVENT(function) void function;
#else
#define SIMT_UNCHECKED
#define SIMT_EVENT(function) \
  inline void function {}
#endif

namespace simt::detail::events {

#ifdef SIMT_CHECKED
inline constexpr bool checking = true;
#else
inline constexpr bool checking = false;
#endif

inline constexpr std::size_t red_zone = 256;

// Memory. The worker's arena of shared memory is told once, before anything else.
SIMT_EVENT(shared_range(void* /*base*/, std::size_t /*bytes*/))
SIMT_EVENT(allocate(const void* /*device address*/, std::size_t /*bytes*/, Source))
SIMT_EVENT(free(const void* /*device address*/, Source))
SIMT_EVENT(shared(const void* /*address*/, std::size_t /*bytes*/, const char* /*name*/))  // once in each block

// What the host does with device memory. A range that lies outside one array is the runtime's error.
SIMT_EVENT(host_write(const void* /*device address*/, std::size_t /*bytes*/))
// For the handler of SIGSEGV: says on standard error which host code at `pc` touched which device memory, and ends the
// process; returns if the address is none of ours.
SIMT_EVENT(host_fault(const void* /*address*/, const void* /*pc*/))

// Execution. Threads are numbered within their block, warps of 32 of them follow one another.
SIMT_EVENT(launch_begin())
SIMT_EVENT(launch_end())
SIMT_EVENT(block_begin(unsigned long long /*number of the block in the grid*/, unsigned /*threads*/))
// The thread that runs from here on, at its start and at each switch, and its stack.
SIMT_EVENT(thread_runs(unsigned /*thread*/, const void* /*lowest*/, const void* /*end of the stack*/))

// Order.
SIMT_EVENT(barrier_done())                                    // the last thread has arrived, and none has left
SIMT_EVENT(warp_sync(unsigned /*warp*/, unsigned /*lanes*/))  // __syncwarp alone: no other collective orders memory
SIMT_EVENT(fence())        // __threadfence and __threadfence_system, by the running thread
SIMT_EVENT(block_fence())  // __threadfence_block

// Reads and writes by the running thread.
SIMT_EVENT(read(const void*, std::size_t, Source))
SIMT_EVENT(write(const void*, std::size_t, Source))
SIMT_EVENT(atomic(const void*, std::size_t, Source))
// The same at an address in the kernel's code, by a function that host code may call too.
SIMT_EVENT(read_for_caller(const void*, std::size_t, const void* /*return address*/))
SIMT_EVENT(write_for_caller(const void*, std::size_t, const void* /*return address*/))
// cp.async: the destination may be written at any moment from the issue until the wait.
SIMT_EVENT(async_issue(const void* /*destination*/, std::size_t, Source))
SIMT_EVENT(async_arrive(const void* /*destination*/, std::size_t, Source))  // the issue's source

#ifdef SIMT_CHECKED
/// Whether this thread of the operating system runs a kernel's own code.
extern constinit thread_local bool watching __attribute__((tls_model("initial-exec"), visibility("hidden")));
/// Whether the running thread's accesses are checked from here on; what was before.
SIMT_UNCHECKED inline bool watch(bool on) {
  const bool before = watching;
  watching = on;
  return before;
}
#else
inline bool watch(bool /*on*/) { return false; }
#endif

/// While it lives, accesses are checked: around a thread's call of the kernel.
struct Watch {
  Watch() { watch(true); }
  ~Watch() { watch(false); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
};
/// While it lives, nothing is. It may live across a switch to another thread.
class Pause {
 public:
  Pause() : before_(watch(false)) {}
  ~Pause() { watch(before_); }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  bool before_;
};

}  // namespace simt::detail::events
