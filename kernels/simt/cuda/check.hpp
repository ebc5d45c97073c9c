// CUDA's error codes as exceptions.
#pragma once

#include <cuda_runtime.h>

#include <string>

#include "kernels/simt/error.hpp"

namespace simt::detail {

inline void check(cudaError_t code, const std::string& what) {
  if (code != cudaSuccess) throw Error(what + ": " + cudaGetErrorString(code));
}

}  // namespace simt::detail
