// The library of a device: what kernels/devices/backend.hpp asks for, over the platform's memory and the kernels on offer.
#include <pthread.h>

#include <array>
#include <mutex>
#include <new>
#include <string_view>
#include <unordered_map>

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/graph.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/device_memory.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {
namespace {

class GpuBackend final : public Backend {
 public:
  explicit GpuBackend(Device device) : stream_(device, platform::open(device.index)) {
    for (const Offered& offered : Offer::all()) kernels_.emplace(offered.name, offered.kernel);
  }
  Stream& stream() override { return stream_; }
  void* allocate(std::size_t bytes) override { return device_memory(queue(), bytes); }
  void release(void* block) noexcept override { platform::release(stream_.device().index, stream_.queue, block); }
  void upload(void* to, const void* from, std::size_t bytes) override { platform::upload(queue(), to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes) override {
    std::int32_t row = GpuStream::no_row;
    platform::download(queue(), {{&row, stream_.bad_row(), sizeof row}, {to, from, bytes}});
    if (row == GpuStream::no_row) return;
    platform::upload(queue(), stream_.bad_row(), &GpuStream::no_row, sizeof row);
    fail("cross_entropy: the label of row ", row, " is out of range");
  }
  AnyKernel find(const char* name) const override {
    const auto found = kernels_.find(name);
    return found == kernels_.end() ? nullptr : found->second;
  }
  std::unique_ptr<Graph> graph(const CallList& calls) override {
    return platform::graph(stream_.device().index, queue(), calls);
  }
  void use(Products by) override { stream_.use(by); }

 private:
  simt::Stream queue() const {
    platform::make_current(stream_.device().index);
    return stream_.queue;
  }

  GpuStream stream_;
  std::unordered_map<std::string_view, AnyKernel> kernels_;
};

}  // namespace
}  // namespace wengert::kernels::gpu

/// The one thing that the library shows: a device of it, for the life of the process. Throws what keeps it from working.
extern "C" __attribute__((visibility("default"))) wengert::kernels::Backend* wengert_backend(wengert::Device device) {
  // Never freed: tensors may outlive everything, and CUDA is gone before the last destructors run.
  static constinit std::mutex mutex;
  static constinit std::array<wengert::kernels::gpu::GpuBackend*, 256> open{};
  // In a child of fork() a thread that opened a device is not there to unlock.
  [[maybe_unused]] static const int registered = pthread_atfork(nullptr, nullptr, [] { ::new (&mutex) std::mutex; });
  const std::scoped_lock lock(mutex);
  wengert::kernels::gpu::GpuBackend*& backend = open[device.index];
  if (!backend) backend = new wengert::kernels::gpu::GpuBackend(device);
  return backend;
}
