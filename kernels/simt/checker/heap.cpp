// The device memory of simt_checked: an access is known by its address, and addresses are never given out twice, so that
// one to memory that has been freed is known too.
#include "kernels/simt/runtime/heap.hpp"

#include <sys/mman.h>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/events.hpp"

namespace simt::detail::heap {

void* take(std::size_t bytes) {
  checker::Shadow& device = checker::checker.device;
  if (device.bytes() == 0 && base()) device.cover(base(), range);
  return take_new(bytes, events::red_zone);
}

void give_back(void* memory) noexcept {
  constexpr std::uintptr_t page = 4096;
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t end = begin + checker::checker.device_objects.find(begin)->bytes;
  const std::uintptr_t first = (begin + page - 1) / page * page, last = end / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace simt::detail::heap
