// Running a kernel on the device.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

#include "kernels/simt/cuda/check.hpp"
#include "kernels/simt/runtime/kernel_name.hpp"

namespace simt {

/// How many blocks of how many threads, and the bytes of each block's dynamic shared memory.
struct Launch {
  dim3 grid = {};
  dim3 block = {};
  std::size_t shared_bytes = 0;
};

/// Runs `kernel` after what was launched and copied before, and does not wait for it. Throws Error for what the device
/// does not take.
template <auto kernel, class... Arguments>
void launch(const Launch& extent, const Arguments&... arguments) {
  const std::string name(detail::kernel_name<kernel>());
  constexpr std::size_t without_asking = 48 * 1024;
  if (extent.shared_bytes > without_asking) {
    detail::check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                       static_cast<int>(extent.shared_bytes)),
                  "kernel " + name + " with " + std::to_string(extent.shared_bytes) + " bytes of shared memory");
  }
  kernel<<<extent.grid, extent.block, extent.shared_bytes>>>(arguments...);
  detail::check(cudaGetLastError(), "launching kernel " + name);
}

}  // namespace simt
