// Where a device's memory is asked for.
#pragma once

#include "kernels/base/error.hpp"
#include "kernels/base/faults.hpp"
#include "kernels/gpu/platform.hpp"

namespace wengert::kernels::gpu {

/// Error: the device has no more.
inline void* device_memory(simt::Stream queue, std::size_t bytes) {
  if (faults::refused(faults::Kind::device_memory)) fail("out of device memory: ", bytes, " bytes were asked for");
  return platform::allocate(queue, bytes);
}

}  // namespace wengert::kernels::gpu
