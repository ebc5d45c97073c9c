// Device memory that has been given back is taken again by the next who wants as much.
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "kernels/simt/runtime/heap.hpp"
#include "kernels/simt/runtime/sanitizer.hpp"

namespace simt::detail::heap {
namespace {

// Sizes are rounded up to four steps for each doubling, so that blocks of about one size serve each other.
std::size_t rounded(std::size_t bytes) {
  constexpr std::size_t least = 256;
  if (bytes <= least) return least;
  const std::size_t step = std::max(least, std::bit_floor(bytes - 1) / 4);
  return (bytes + step - 1) / step * step;
}

// Pages of large blocks go back to the system meanwhile.
constexpr std::size_t large = std::size_t{1} << 20;

struct Blocks {
  std::mutex mutex;
  std::map<std::size_t, std::vector<void*>> free;
  std::unordered_map<void*, std::size_t> size;
};
// Never destroyed: globals of programs give memory back.
Blocks& blocks() {
  static Blocks& all = []() -> Blocks& {
    base();  // first, since fork() takes the locks in the reverse order: as find() does, this one and then the heap's
    pthread_atfork([] { blocks().mutex.lock(); }, [] { blocks().mutex.unlock(); }, [] { blocks().mutex.unlock(); });
    return *new Blocks;
  }();
  return all;
}

// A block of this size that has been given back, or else a new one.
void* find(std::size_t size) {
  std::vector<void*>& free = blocks().free[size];
  if (!free.empty()) {
    void* const block = free.back();
    free.pop_back();
    return block;
  }
  void* const block = take_new(size, 0);
  if (block) blocks().size[block] = size;
  return block;
}

}  // namespace

void* take(std::size_t bytes) {
  if (bytes > range) return nullptr;
  constexpr std::size_t behind = sanitizer::on ? 64 : 0;  // which the address sanitizer watches
  const std::size_t size = rounded(bytes + behind);
  const std::scoped_lock lock(blocks().mutex);
  void* const block = find(size);
  if (!block) return nullptr;
  sanitizer::unpoison(block, bytes);
  sanitizer::poison(static_cast<std::byte*>(block) + bytes, size - bytes);
  return block;
}

void give_back(void* memory) noexcept {
  if (!memory) return;
  const std::scoped_lock lock(blocks().mutex);
  const std::size_t size = blocks().size[memory];
  sanitizer::poison(memory, size);
  if (size >= large) madvise(memory, size, MADV_DONTNEED);
  blocks().free[size].push_back(memory);
}

}  // namespace simt::detail::heap
