#include "tests/support/count_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  count.fetch_add(1, std::memory_order_relaxed);
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (void* block = std::aligned_alloc(alignment, bytes ? bytes : alignment)) return block;
  throw std::bad_alloc();
}
constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

std::size_t wengert::testing::allocations() { return count.load(std::memory_order_relaxed); }

// The array and nothrow forms call these.
void* operator new(std::size_t bytes) { return counted(bytes, usual); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }
