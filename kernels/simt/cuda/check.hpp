// CUDA's error codes as exceptions.
#pragma once

#include <cuda_runtime.h>

#include <sstream>

#include "kernels/simt/error.hpp"

namespace simt {

namespace detail {

/// The parts of `what` are written one after another, as by `<<`, where there is an error to tell.
template <class... What>
void check(cudaError_t code, const What&... what) {
  if (code == cudaSuccess) return;
  cudaGetLastError();  // or the next call would report it again
  std::ostringstream text;
  (text << ... << what) << ": " << cudaGetErrorString(code);
  throw Error(text.str());
}

}  // namespace detail

/// For host code that calls CUDA itself. Throws Error, with the caller's line.
inline void check(cudaError_t code, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  detail::check(code, file, ':', line);
}

}  // namespace simt
