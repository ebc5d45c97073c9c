// Memory on any device.
#pragma once

#include <cstddef>

#include "kernels/base/memory.hpp"
#include "kernels/devices/registry.hpp"

namespace wengert {

/// Uninitialised memory of the device, at a multiple of 64 bytes. Errors: there is not as much; the device cannot be used.
inline void* allocate(Device device, std::size_t bytes) {
  // Every recorded op has memory, and would feel a virtual call.
  return kernels::is_cpu(device) ? allocate(bytes) : kernels::backend(device).allocate(bytes);
}

/// Gives back what allocate(device, bytes) returned, from any thread.
inline void release(Device device, void* block, std::size_t bytes) noexcept {
  kernels::is_cpu(device) ? release(block, bytes) : kernels::backend(device).release(block, bytes);
}

/// Copies from the memory of one device to that of another, or of the same. Error: what a kernel has met on the device that
/// is read.
void copy_bytes(Device to_device, void* to, Device from_device, const void* from, std::size_t bytes);

}  // namespace wengert
