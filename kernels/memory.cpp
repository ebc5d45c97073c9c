#include "kernels/memory.hpp"

#include <array>
#include <bit>
#include <new>
#include <utility>

#include "kernels/error.hpp"

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

void* from_system(std::size_t bytes) {
  void* block = ::operator new (bytes, std::align_val_t{alignment}, std::nothrow);
  if (!block) fail("out of memory: ", bytes, " bytes were asked for");
  return block;
}
void to_system(void* block) noexcept { ::operator delete (block, std::align_val_t{alignment}); }

#ifdef WENGERT_PLAIN_MALLOC

}  // namespace
void* allocate(std::size_t bytes) { return from_system(bytes ? bytes : 1); }
void release(void* block, std::size_t) noexcept { to_system(block); }
std::size_t pooled_bytes() { return 0; }

#else

// Size classes: four to a doubling (64, 80, 96, 112, 128, 160, ...), so at most a fifth of a block is slack.
constexpr std::size_t class_of(std::size_t bytes) {
  if (bytes <= alignment) return 0;
  const std::size_t doubling = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 7;  // 65..128 -> 0
  const std::size_t quarter = (bytes - 1 - (alignment << doubling)) / ((alignment / 4) << doubling);
  return 1 + doubling * 4 + quarter;
}
constexpr std::size_t bytes_of(std::size_t size_class) {
  if (size_class == 0) return alignment;
  const std::size_t doubling = (size_class - 1) / 4;
  return (alignment << doubling) + (((size_class - 1) % 4 + 1) * ((alignment / 4) << doubling));
}
constexpr std::size_t classes = class_of(largest_pooled) + 1;
static_assert(bytes_of(class_of(64)) == 64 && bytes_of(class_of(65)) == 80 && bytes_of(class_of(129)) == 160);
static_assert(bytes_of(classes - 1) == largest_pooled);

struct Free {
  Free* next;
};

// Trivially destructible: a global Tensor may be freed after this thread's destructors have run, and must find
// `closed`.
struct Pool {
  std::array<Free*, classes> lists;
  std::size_t bytes;
  bool open, closed;
};
constinit thread_local Pool pool{};

// Empties the pool when the thread ends.
struct Closer {
  ~Closer() {
    pool.closed = true;
    for (Free*& list : pool.lists) {
      while (list) to_system(std::exchange(list, list->next));
    }
    pool.bytes = 0;
  }
};

void open_pool() {
  thread_local Closer closer;
  (void)closer;
  pool.open = true;
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes > largest_pooled) return from_system(bytes);
  const std::size_t size_class = class_of(bytes);
  if (Free* block = pool.lists[size_class]) {
    pool.lists[size_class] = block->next;
    pool.bytes -= bytes_of(size_class);
    return block;
  }
  return from_system(bytes_of(size_class));
}

void release(void* block, std::size_t bytes) noexcept {
  if (!block) return;
  const std::size_t size_class = bytes > largest_pooled ? classes : class_of(bytes);
  if (size_class == classes || pool.closed || pool.bytes + bytes_of(size_class) > pool_limit) return to_system(block);
  if (!pool.open) open_pool();
  pool.lists[size_class] = ::new (block) Free{pool.lists[size_class]};
  pool.bytes += bytes_of(size_class);
}

std::size_t pooled_bytes() { return pool.bytes; }

#endif

}  // namespace wengert
