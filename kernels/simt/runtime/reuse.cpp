// Device memory that has been given back is taken again by the next who wants as much.
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "kernels/simt/runtime/heap.hpp"

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
  static Blocks& all = *new Blocks;
  return all;
}

}  // namespace

void* take(std::size_t bytes) {
  if (bytes > range) return nullptr;
  const std::size_t size = rounded(bytes);
  const std::scoped_lock lock(blocks().mutex);
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

void give_back(void* memory) noexcept {
  if (!memory) return;
  const std::scoped_lock lock(blocks().mutex);
  const std::size_t size = blocks().size[memory];
  if (size >= large) madvise(memory, size, MADV_DONTNEED);
  blocks().free[size].push_back(memory);
}

}  // namespace simt::detail::heap
