// A fourth device, in one folder and one line of CMake: it forwards to the CPU's memory and kernels, and at the end of the
// program says on standard error what it was asked for.
//
// It has a copy of the CPU's kernels of its own, and finds them by name.
#include "kernels/devices/backend.hpp"

#include <atomic>
#include <iostream>

#include "kernels/base/error.hpp"
#include "kernels/devices/registry.hpp"

namespace wengert::testing {
namespace {

using kernels::Backend;
using kernels::CallList;
using kernels::Stream;

struct Counts {
  std::atomic<std::size_t> kernels = 0, calls = 0, blocks = 0, uploads = 0, downloads = 0;
  ~Counts() {
    std::cerr << "counting: " << kernels << " kernels, " << calls << " calls, " << blocks << " blocks, " << uploads
              << " uploads, " << downloads << " downloads\n";
  }
};
Counts counts;

class CountingGraph final : public kernels::Graph {
 public:
  explicit CountingGraph(const CallList& calls) : calls_(calls) {}
  void run() override {
    counts.calls += calls_.size();
    calls_.run();
  }

 private:
  const CallList& calls_;
};

class CountingBackend final : public Backend {
 public:
  explicit CountingBackend(Device device) : stream_(device) {}
  Stream& stream() override {
    ++counts.calls;  // a stream is asked for anew for each call of a kernel that is not in a graph
    return stream_;
  }
  void* allocate(std::size_t bytes) override {
    ++counts.blocks;
    return cpu_.allocate(bytes);
  }
  void release(void* block, std::size_t bytes) noexcept override { cpu_.release(block, bytes); }
  void upload(void* to, const void* from, std::size_t bytes) override {
    ++counts.uploads;
    cpu_.upload(to, from, bytes);
  }
  void download(void* to, const void* from, std::size_t bytes) override {
    ++counts.downloads;
    cpu_.download(to, from, bytes);
  }
  kernels::AnyKernel find(const char* name) const override {
    ++counts.kernels;
    return cpu_.find(name);
  }
  std::unique_ptr<kernels::Graph> graph(const CallList& calls) override {
    return std::make_unique<CountingGraph>(calls);
  }
  void use(Products by) override { cpu_.use(by); }

 private:
  Backend& cpu_ = kernels::backend(Device{});
  Stream stream_;
};

}  // namespace
}  // namespace wengert::testing

extern "C" __attribute__((visibility("default"))) wengert::kernels::Backend* wengert_backend(wengert::Device device) {
  if (device.index > 0) wengert::fail("there is one such device, number 0");
  static auto* const counting = new wengert::testing::CountingBackend(device);  // tensors may outlive everything
  return counting;
}
