#include "kernels/simt/runtime/device_memory.hpp"

#include <cstring>
#include <new>
#include <string>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {
namespace {

constexpr std::align_val_t alignment{256};

}  // namespace

void* allocate(std::size_t bytes, Source source) {
  void* const object = ::operator new(bytes, alignment, std::nothrow);
  if (!object) throw Error("out of device memory: " + std::to_string(bytes) + " bytes were asked for");
  fill_with_nans(object, bytes);
  events::allocate(object, bytes, source);
  return object;
}

void release(void* object, Source source) noexcept {
  events::free(object, source);
  ::operator delete(object, alignment);
}

void upload(void* to, const void* from, std::size_t bytes) {
  events::host_write(to, bytes);
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void download(void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

}  // namespace simt::detail
