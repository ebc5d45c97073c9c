#include "kernels/simt/runtime/heap.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <mutex>
#include <utility>

#include "kernels/simt/runtime/overflow_trap.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail::heap {
namespace {

constexpr std::size_t alignment = 256;

// Constant-initialised and never destroyed: globals of programs take and give back memory.
constinit std::mutex mutex;
constinit std::size_t used = 0;
constinit int openings = 0;

void protect(int how) {
  if (base()) mprotect(base(), range, how);
}

// A launch that ran on another thread when the process forked is not there in the child, and closes nothing.
void begin_child() {
  if (!Worker::current() && std::exchange(openings, 0) > 0) protect(PROT_NONE);
  mutex.unlock();
}

}  // namespace

std::byte* base() {
  static std::byte* const begin = [] {
    pthread_atfork([] { mutex.lock(); }, [] { mutex.unlock(); }, begin_child);
    void* const found = mmap(nullptr, range, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return found == MAP_FAILED ? nullptr : static_cast<std::byte*>(found);
  }();
  return begin;
}

void* take_new(std::size_t bytes, std::size_t gap) {
  const std::scoped_lock lock(mutex);
  const std::size_t begin = (used + gap + alignment - 1) / alignment * alignment;
  if (!base() || bytes > range || begin + bytes + gap > range) return nullptr;
  used = begin + bytes;
  return base() + begin;
}

Open::Open() {
  const std::scoped_lock lock(mutex);
  if (openings++ == 0) protect(PROT_READ | PROT_WRITE);
}
Open::~Open() {
  const std::scoped_lock lock(mutex);
  if (--openings > 0) return;
  catch_faults();
  protect(PROT_NONE);
}

}  // namespace simt::detail::heap
