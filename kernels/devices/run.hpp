// Kernels run on a device, by its stream.
#pragma once

#include <array>
#include <atomic>

#include "kernels/base/stream.hpp"
#include "kernels/devices/names.hpp"
#include "kernels/devices/registry.hpp"

namespace wengert::kernels {

/// The calling thread's own stream on the CPU.
inline Stream& cpu_stream() {
  static constinit thread_local Stream own{Device{}};
  return own;
}

/// Where the calling thread issues the device's kernels: elsewhere than on the CPU, one stream for the process.
inline Stream& stream_of(Device device) { return is_cpu(device) ? cpu_stream() : backend(device).stream(); }

/// The device's kernel in place of the CPU's. Error: it has none (of that dtype); the text names the kernel.
template <auto Kernel>
decltype(Kernel) kernel_on(Device device) {
  if (is_cpu(device)) return Kernel;  // not by name, so that a program links the kernels that it uses
  static constinit std::array<std::atomic<AnyKernel>, most_device_types> known{};
  std::atomic<AnyKernel>& found = known[static_cast<std::size_t>(device.type)];
  if (!found.load(std::memory_order_acquire)) {
    found.store(detail::find_kernel(device, kernel_name<Kernel>()), std::memory_order_release);
  }
  return reinterpret_cast<decltype(Kernel)>(found.load(std::memory_order_relaxed));
}

/// Runs the kernel on the stream's device, and appends the call to `recording` if there is one.
template <auto Kernel, class... Args>
void run(Stream& stream, CallList* recording, const Args&... args) {
  stream.submit(recording, kernel_on<Kernel>(stream.device()), args...);
}

}  // namespace wengert::kernels
