#include "kernels/simt/runtime/device_memory.hpp"

#include <cstring>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/heap.hpp"
#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/text.hpp"

namespace simt::detail {

namespace {

constexpr std::size_t largest_object = std::size_t{1} << 40;  // more than any device has

}  // namespace

void* allocate(std::size_t elements, std::size_t element_bytes, Source source) {
  const std::size_t bytes = elements * element_bytes;
  void* const object = elements <= largest_object / element_bytes ? heap::take(bytes) : nullptr;
  if (!object)
    throw Error(text("out of device memory: ", elements, " elements of ", element_bytes, " bytes were asked for"));
  const heap::Open open;
  fill_with_nans(object, bytes);
  events::allocate(object, bytes, source);
  return object;
}

void release(void* object, Source source) noexcept {
  events::free(object, source);
  heap::give_back(object);
}

void upload(void* to, const void* from, std::size_t bytes) {
  events::host_write(to, bytes);
  const heap::Open open;
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void download(void* to, const void* from, std::size_t bytes) {
  const heap::Open open;
  if (bytes > 0) std::memcpy(to, from, bytes);
}

}  // namespace simt::detail
