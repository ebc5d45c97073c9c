#include "kernels/base/memory.hpp"

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif
#if __has_include(<sys/sysinfo.h>)
#include <sys/sysinfo.h>
#endif

#include <array>
#include <bit>
#include <limits>
#include <new>
#include <utility>

#include "kernels/base/error.hpp"
#include "kernels/base/faults.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WENGERT_PLAIN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define WENGERT_PLAIN_MALLOC 1
#endif
#endif

namespace wengert {
namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t largest_pooled = std::size_t{1} << 20;

// From here on a block lies on huge pages where the system has them: one look-up in the page tables serves 2 MiB, and
// one page fault brings it in.
constexpr std::size_t huge = std::size_t{4} << 20, huge_page = std::size_t{2} << 20;
constexpr std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes < huge ? alignment : huge_page};
}

[[gnu::noinline]] void* from_system(std::size_t bytes) {
  const bool is_too_much = (bytes >= huge && bytes > machine_memory()) || faults::refused(faults::Kind::memory);
  void* block = is_too_much ? nullptr : ::operator new(bytes, alignment_of(bytes), std::nothrow);
  if (!block) fail("out of memory: ", bytes, " bytes were asked for");
#ifdef MADV_HUGEPAGE
  if (bytes >= huge) madvise(block, bytes, MADV_HUGEPAGE);  // advice: nothing is lost where it is not taken
#endif
  return block;
}
[[gnu::noinline]] void to_system(void* block, std::size_t bytes) noexcept {
  ::operator delete(block, alignment_of(bytes));
}

}  // namespace

std::size_t machine_memory() {
#if __has_include(<sys/sysinfo.h>)
  struct sysinfo found {};
  if (sysinfo(&found) == 0) return (std::size_t{found.totalram} + found.totalswap) * found.mem_unit;
#endif
  return std::numeric_limits<std::size_t>::max();
}

#ifdef WENGERT_PLAIN_MALLOC

void* allocate(std::size_t bytes) { return from_system(bytes ? bytes : 1); }
void release(void* block, std::size_t bytes) noexcept { to_system(block, bytes ? bytes : 1); }
std::size_t pooled_bytes() { return 0; }

#else

namespace {

// Size classes: multiples of 64 bytes up to 1 KiB, which nodes and small tensors come from; then four to a doubling
// (1280, 1536, 1792, 2048, 2560, ...), so that at most a fifth of a block is slack.
constexpr std::size_t small_classes = 16;
constexpr std::size_t class_of(std::size_t bytes) {
  if (bytes <= small_classes * alignment) return bytes ? (bytes - 1) / alignment : 0;
  const std::size_t doubling = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 11;  // 1025..2048 -> 0
  const std::size_t quarter = (bytes - 1 - (std::size_t{1024} << doubling)) / (std::size_t{256} << doubling);
  return small_classes + doubling * 4 + quarter;
}
constexpr std::size_t bytes_of(std::size_t size_class) {
  if (size_class < small_classes) return (size_class + 1) * alignment;
  const std::size_t doubling = (size_class - small_classes) / 4;
  return (std::size_t{1024} << doubling) + ((size_class - small_classes) % 4 + 1) * (std::size_t{256} << doubling);
}
constexpr std::size_t classes = class_of(largest_pooled) + 1;
static_assert(bytes_of(class_of(64)) == 64 && bytes_of(class_of(65)) == 128 && bytes_of(class_of(1025)) == 1280);
static_assert(bytes_of(classes - 1) == largest_pooled);

struct Free {
  Free* next;
};

// Trivially destructible: a global Tensor may be freed after this thread's destructors have run. `room` is how many
// bytes more may be kept: 0 before the first block is kept, and after the thread's end.
struct Pool {
  std::array<Free*, classes> lists;
  std::size_t room;
  enum class State { unused, open, closed } state;
};
constinit thread_local Pool pool{};

// Empties the pool when the thread ends.
struct Closer {
  ~Closer() {
    for (Free*& list : pool.lists) {
      while (list) to_system(std::exchange(list, list->next), 1);
    }
    pool.room = 0;
    pool.state = Pool::State::closed;
  }
};

// Opens the pool if it is unused; false if it is full or closed. Out of line, or its registers would burden every
// release.
[[gnu::noinline, gnu::cold]] bool open_pool() {
  if (pool.state != Pool::State::unused) return false;
  thread_local Closer closer;
  (void)closer;
  pool.room = pool_limit;
  pool.state = Pool::State::open;
  return true;
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes > largest_pooled) return from_system(bytes);
  const std::size_t size_class = class_of(bytes), size = bytes_of(size_class);
  Free* const block = pool.lists[size_class];
  if (!block) return from_system(size);
  pool.lists[size_class] = block->next;
  pool.room += size;
  return block;
}

void release(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  if (bytes > largest_pooled) return to_system(block, bytes);
  const std::size_t size_class = class_of(bytes), size = bytes_of(size_class);
  if (size > pool.room && !open_pool()) return to_system(block, size);
  pool.lists[size_class] = ::new (block) Free{pool.lists[size_class]};
  pool.room -= size;
}

std::size_t pooled_bytes() { return pool.state == Pool::State::open ? pool_limit - pool.room : 0; }

#endif

}  // namespace wengert
