// The GPU's kernels for programs that link them without the library around them.
#pragma once

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/platform.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::gpu_bench {

using kernels::gpu::GpuStream;

/// The first device with a stream of its own.
class FirstDevice {
 public:
  GpuStream& stream() { return stream_; }

 private:
#ifdef __CUDACC__
  static constexpr auto type = Device::Type::cuda;
#else
  static constexpr auto type = Device::Type::simt;
#endif
  GpuStream stream_{Device{type}, kernels::gpu::platform::open(0)};
};

/// The kernel that takes the place of the CPU's. Error: none is on offer.
template <auto Kernel>
decltype(Kernel) offered() {
  static const kernels::AnyKernel found = kernels::gpu::Offer::find(kernels::kernel_name<Kernel>());
  if (!found) fail("no kernel is on offer for ", kernels::kernel_name<Kernel>());
  return reinterpret_cast<decltype(Kernel)>(found);
}

template <auto Kernel, class... Args>
void run(GpuStream& on, const Args&... args) {
  offered<Kernel>()(on, args...);
}

/// While it lives, no grid has more blocks; 0 leaves it to the kernels.
class AtMost {
 public:
  AtMost(int blocks, GpuStream& on) : on_(on) { on.max_blocks = blocks; }
  AtMost(const AtMost&) = delete;
  ~AtMost() { on_.max_blocks = 0; }

 private:
  GpuStream& on_;
};

/// Where the CPU's kernels run, which say what the bits are.
inline kernels::Stream cpu{Device{}};

}  // namespace wengert::gpu_bench
