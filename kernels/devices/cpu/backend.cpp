#include "kernels/devices/cpu/backend.hpp"

#include <algorithm>

#include "kernels/base/error.hpp"
#include "kernels/base/memory.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/devices/run.hpp"

namespace wengert::kernels::cpu {
namespace {

class CpuBackend final : public Backend {
 public:
  Stream& stream() override { return cpu_stream(); }
  void* allocate(std::size_t bytes) override { return wengert::allocate(bytes); }
  void release(void* block, std::size_t bytes) noexcept override { wengert::release(block, bytes); }
  void upload(void* to, const void* from, std::size_t bytes) override { copy(to, from, bytes); }
  void download(void* to, const void* from, std::size_t bytes) override { copy(to, from, bytes); }
  AnyKernel find(const char* name) const override { return kernels::Offer<Cpu>::find(name); }
  std::unique_ptr<Graph> graph(const CallList&) override { return nullptr; }
  void use(Products by) override {
    if (by == Products::cublas) fail("device cpu has no cuBLAS: only the device cuda has it");
    if (by != Products::own) fail("device cpu has no tensor cores: its products are its own, in float32 or float64");
  }

 private:
  static void copy(void* to, const void* from, std::size_t bytes) {
    std::copy_n(static_cast<const std::byte*>(from), bytes, static_cast<std::byte*>(to));  // no bytes may be at null
  }
};

}  // namespace

Backend* backend(Device) {
  static CpuBackend* const cpu = new CpuBackend;  // never freed: a tensor may be read when the program ends
  return cpu;
}

}  // namespace wengert::kernels::cpu
