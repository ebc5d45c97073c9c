// CUDA's error codes as exceptions.
#pragma once

#include <cuda_runtime.h>

#include <string>

#include "kernels/simt/error.hpp"

namespace simt {

namespace detail {

inline void check(cudaError_t code, const std::string& what) {
  if (code == cudaSuccess) return;
  cudaGetLastError();  // or the next call would report it again
  throw Error(what + ": " + cudaGetErrorString(code));
}

}  // namespace detail

/// For host code that calls CUDA itself. Throws Error, with the caller's line.
inline void check(cudaError_t code, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (code != cudaSuccess) detail::check(code, std::string(file) + ':' + std::to_string(line));
}

}  // namespace simt
