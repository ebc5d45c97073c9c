#include "tests/support/count_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count{0}, freed{0};

struct Plan {
  std::size_t fails = 0;
  bool for_good = false;
  std::size_t requests = 0;
};
constinit thread_local Plan plan;

bool fails() {
  ++plan.requests;
  return plan.requests == plan.fails || (plan.for_good && plan.requests > plan.fails);
}

// Null where there is no memory.
void* counted(std::size_t bytes, std::size_t alignment) noexcept {
  if (fails()) return nullptr;
  count.fetch_add(1, std::memory_order_relaxed);
  bytes = (bytes + alignment - 1) / alignment * alignment;
  return std::aligned_alloc(alignment, bytes ? bytes : alignment);
}
void uncounted(void* block) noexcept {
  if (block) freed.fetch_add(1, std::memory_order_relaxed);
  std::free(block);
}
void* or_throw(void* block) { return block ? block : throw std::bad_alloc(); }
constexpr std::size_t usual = alignof(std::max_align_t);

}  // namespace

std::size_t wengert::testing::allocations() { return count.load(std::memory_order_relaxed); }
std::size_t wengert::testing::live_allocations() { return allocations() - freed.load(std::memory_order_relaxed); }

wengert::testing::HeapFailure::HeapFailure(std::size_t n, bool for_good) { plan = {n, for_good && n > 0}; }
wengert::testing::HeapFailure::~HeapFailure() { plan = {}; }
std::size_t wengert::testing::HeapFailure::requests() const { return plan.requests; }

// The array forms call these. The nothrow forms would too, but for the sanitizers' own.
using Alignment = std::align_val_t;
void* operator new(std::size_t bytes) { return or_throw(counted(bytes, usual)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes, usual); }
void* operator new(std::size_t bytes, Alignment alignment) {
  return or_throw(counted(bytes, static_cast<std::size_t>(alignment)));
}
void* operator new(std::size_t bytes, Alignment alignment, const std::nothrow_t&) noexcept {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { uncounted(block); }
void operator delete(void* block, std::size_t) noexcept { uncounted(block); }
void operator delete(void* block, Alignment) noexcept { uncounted(block); }
void operator delete(void* block, std::size_t, Alignment) noexcept { uncounted(block); }
