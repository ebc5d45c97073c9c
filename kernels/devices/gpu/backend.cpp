// The library of a GPU, or of the simulator: a Backend over the platform's memory and the kernels on offer.
#include <pthread.h>

#include <array>
#include <mutex>
#include <new>

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/graph.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/device_memory.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {
namespace {

class GpuBackend final : public Backend {
 public:
  explicit GpuBackend(Device device) : stream_(device, platform::open(device.index)) {}
  Stream& stream() override { return stream_; }
  void* allocate(std::size_t bytes) override { return device_memory(queue(), bytes); }
  void release(void* block, std::size_t) noexcept override {
    platform::release(stream_.device().index, stream_.queue, block);
  }
  void upload(void* to, const void* from, std::size_t bytes) override { platform::upload(queue(), to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes) override {
    ErrorWord& errors = stream_.errors();
    ErrorWord::Word met = ErrorWord::none;
    platform::download(queue(), {{&met, errors.word(), sizeof met}, {to, from, bytes}});
    if (met != ErrorWord::none) errors.raise(met);
  }
  AnyKernel find(const char* name) const override { return Offer::find(name); }
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
