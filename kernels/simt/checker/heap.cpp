// The device memory of simt_checked. Its addresses lie in one range, so that an access is known by its address, and are
// never given out twice, so that one to memory that has been freed is known too.
#include "kernels/simt/runtime/heap.hpp"

#include <sys/mman.h>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/events.hpp"

namespace simt::detail::heap {
namespace {

constexpr std::size_t range = std::size_t{64} << 30, alignment = 256, page = 4096;

std::size_t used = 0;

constexpr std::size_t round_up(std::size_t value, std::size_t step) { return (value + step - 1) / step * step; }

// Addresses alone: memory comes with the first use of a page.
bool reserve() {
  checker::Shadow& device = checker::checker.device;
  if (device.bytes() != 0) return true;
  void* const base = mmap(nullptr, range, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) return false;
  device.cover(base, range);
  return true;
}

}  // namespace

void* take(std::size_t bytes) {
  if (!reserve() || bytes > range) return nullptr;
  const std::size_t begin = round_up(used + events::red_zone, alignment);
  if (begin + bytes + events::red_zone > range) return nullptr;
  used = begin + bytes;
  return reinterpret_cast<void*>(checker::checker.device.base() + begin);
}

void give_back(void* memory) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t end = begin + checker::checker.device_objects.find(begin)->bytes;
  const std::uintptr_t first = round_up(begin, page), last = end / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace simt::detail::heap
