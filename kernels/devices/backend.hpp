// What a device offers: memory, copies, and kernels by name.
//
// The CPU's is linked into every program. Any other is a shared library libwengert_NAME.so, loaded when the device is first
// asked for. The library uses no symbol of the program. It exports one function,
//
//   extern "C" Backend* wengert_backend(Device);
//
// which returns the backend of one device, valid until the process ends, or throws the reason why it cannot be used.
#pragma once

#include <cstddef>
#include <memory>

#include "kernels/base/device.hpp"
#include "kernels/base/named_kernel.hpp"
#include "kernels/base/products.hpp"
#include "kernels/base/stream.hpp"

namespace wengert::kernels {

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
  /// Where the calling thread issues kernels.
  virtual Stream& stream() = 0;
  /// Uninitialised memory at a multiple of 64 bytes. Error: there is not as much; says what is free.
  virtual void* allocate(std::size_t bytes) = 0;
  /// Gives back what allocate(bytes) returned, from any thread.
  virtual void release(void* block, std::size_t bytes) noexcept = 0;
  /// From and to the host's memory, which is free again, or filled, on return. An error that a kernel has met since the
  /// last download is thrown by the next one.
  virtual void upload(void* to, const void* from, std::size_t bytes) = 0;
  virtual void download(void* to, const void* from, std::size_t bytes) = 0;
  /// The device's own kernel for one of the CPU's, or null; the same for all devices of one type. The CPU's backend finds
  /// those that the program, or library, has linked.
  virtual AnyKernel find(const char* name) const = 0;
  /// Makes one graph of the calls, all of which are on this device's stream; null where issuing them one by one is as good.
  /// The calls outlive the graph.
  virtual std::unique_ptr<Graph> graph(const CallList& calls) = 0;
  /// For products issued from now on. Error: the device has none of these.
  virtual void use(Products) = 0;
};

}  // namespace wengert::kernels
