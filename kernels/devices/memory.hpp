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

/// A place in the memory of a device.
template <class Pointer>
struct On {
  Device device;
  Pointer data;
};

/// Copies from one place to another, which are the host's or a device's. Error: what a kernel has met on the device that is
/// read.
void copy_bytes(On<void*> to, On<const void*> from, std::size_t bytes);

}  // namespace wengert
