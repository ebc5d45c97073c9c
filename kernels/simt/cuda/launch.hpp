// Running a kernel on the device.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

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

/// Runs `kernel` after what was launched before on its stream, and does not wait for it. Throws Error for what the
/// device does not take.
template <auto kernel, class... Arguments>
void launch(const Launch& extent, const Arguments&... arguments) {
  const std::string name(detail::kernel_name<kernel>());
  if (extent.shared_bytes > 0) {  // more than 48 KiB, the static ones included, must be asked for
    detail::check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                       static_cast<int>(extent.shared_bytes)),
                  "kernel " + name + " with " + std::to_string(extent.shared_bytes) + " bytes of shared memory");
  }
  kernel<<<extent.grid, extent.block, extent.shared_bytes, extent.stream>>>(arguments...);
  detail::check(cudaGetLastError(), "launching kernel " + name);
}

}  // namespace simt
