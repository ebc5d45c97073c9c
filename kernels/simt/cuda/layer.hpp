// simt.hpp under nvcc: the simulator's few names over CUDA itself, so that the same file runs on a device.
//
// A launch returns at once, and an error in the kernel is thrown by the next upload or download: see launch.hpp.
#pragma once

#include <cuda_bf16.h>

#include "kernels/simt/array.hpp"
#include "kernels/simt/cuda/launch.hpp"
#include "kernels/simt/cuda/memory.hpp"
#include "kernels/simt/cuda/ptx.hpp"
#include "kernels/simt/cuda/shared.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/options.hpp"

namespace simt {

/// A launch reads none of them. The engine's kernels take no more shared memory than shared_bytes says.
inline Options& options() {
  static Options options;
  return options;
}

}  // namespace simt
