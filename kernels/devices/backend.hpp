// What a device other than the CPU brings along: a shared library, loaded when the device is first asked for.
//
// A program that stays on the CPU neither links nor loads any of it. The library has no need of the program's symbols:
// it is asked for its kernels by name, and a kernel has the name of the CPU's kernel whose place it takes.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <typeinfo>

#include "kernels/base/device.hpp"
#include "kernels/base/products.hpp"
#include "kernels/base/stream.hpp"

namespace wengert::kernels {

using AnyKernel = void (*)();

template <auto Kernel>
struct KernelName {};
/// The kernel's name, the same in every library.
template <auto Kernel>
const char* kernel_name() {
  return typeid(KernelName<Kernel>).name();
}

/// Calls that are issued together: on a GPU, one graph.
class Graph {
 public:
  virtual ~Graph() = default;
  virtual void run() = 0;
};

/// One device. What is issued to it happens in order; only download waits.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual Stream& stream() = 0;
  /// Uninitialised memory at a multiple of 256 bytes. Error: there is not as much; says what is free.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void release(void* block) noexcept = 0;
  /// From and to the host's memory, which is free again, or filled, on return. An error that a kernel has met since the
  /// last download is thrown by the next one.
  virtual void upload(void* to, const void* from, std::size_t bytes) = 0;
  virtual void download(void* to, const void* from, std::size_t bytes) = 0;
  /// The device's own kernel for one of the CPU's, or null.
  virtual AnyKernel find(const char* name) const = 0;
  /// The calls, all of them on this device's stream, made one; null where issuing them one by one is as good.
  virtual std::unique_ptr<Graph> graph(const CallList& calls) = 0;
  /// For products issued from now on. Error: the device has none of these.
  virtual void use(Products) = 0;
};

/// Loads the device's library if need be. Error: why the device cannot be used, and what to do.
Backend& backend(Device);

namespace detail {
Backend& open(Device);                            // error: the reason alone
AnyKernel find_kernel(Device, const char* name);  // error: there is none
std::string readable(const char* kernel_name);
}  // namespace detail

/// The device's kernel in place of the CPU's. Error: it has none (of that dtype); the text names the kernel.
template <auto Kernel>
decltype(Kernel) kernel_on(Device device) {
  static constinit std::array<std::atomic<AnyKernel>, 2> known{};  // of simt and cuda
  std::atomic<AnyKernel>& found = known[static_cast<std::size_t>(device.type) - 1];
  if (!found.load(std::memory_order_acquire)) {
    found.store(detail::find_kernel(device, kernel_name<Kernel>()), std::memory_order_release);
  }
  return reinterpret_cast<decltype(Kernel)>(found.load(std::memory_order_relaxed));
}

/// Runs the kernel on the stream's device, and appends the call to `recording` if there is one.
template <auto Kernel, class... Args>
void run(Stream& stream, CallList* recording, const Args&... args) {
  if (stream.device().type == Device::Type::cpu) {
    stream.submit(recording, Known<Kernel>{}, args...);
  } else {
    stream.submit(recording, kernel_on<Kernel>(stream.device()), args...);
  }
}

}  // namespace wengert::kernels
