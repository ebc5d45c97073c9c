// Running a kernel on the device.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "kernels/simt/cuda/check.hpp"
#include "kernels/simt/runtime/kernel_name.hpp"

namespace simt {

/// What is launched on a stream happens in order. {} is CUDA's default one.
using Stream = cudaStream_t;

/// How many blocks of how many threads, the bytes of each block's dynamic shared memory, and where.
struct Launch {
  dim3 grid = {};
  dim3 block = {};
  std::size_t shared_bytes = 0;
  Stream stream = {};
};

namespace detail {

/// More than 48 KiB of shared memory, the static ones included, must be asked for. The kernel is given all that a block of the
/// device can have, once: were it given what a launch needs, launches on two threads would take it from each other.
template <auto kernel>
void allow_shared_memory() {
  static std::array<std::atomic<bool>, 64> allowed{};  // by device
  int device = 0;
  check(cudaGetDevice(&device), "the current device");
  const bool is_listed = device < static_cast<int>(allowed.size());
  if (is_listed && allowed[device].load(std::memory_order_relaxed)) return;
  int most = 0;
  cudaFuncAttributes attributes{};
  check(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "the shared memory of a block");
  check(cudaFuncGetAttributes(&attributes, kernel), "kernel ", kernel_name<kernel>());
  check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                             most - static_cast<int>(attributes.sharedSizeBytes)),
        "the shared memory of kernel ", kernel_name<kernel>());
  if (is_listed) allowed[device].store(true, std::memory_order_relaxed);
}

}  // namespace detail

/// Runs `kernel` after what was launched before on its stream, and does not wait for it. Throws Error for what the
/// device does not take.
template <auto kernel, class... Arguments>
void launch(const Launch& extent, const Arguments&... arguments) {
  if (extent.shared_bytes > 0) detail::allow_shared_memory<kernel>();
  kernel<<<extent.grid, extent.block, extent.shared_bytes, extent.stream>>>(arguments...);
  detail::check(cudaGetLastError(), "launching kernel ", detail::kernel_name<kernel>(), " with ", extent.shared_bytes,
                " bytes of dynamic shared memory");
}

}  // namespace simt
