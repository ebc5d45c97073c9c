// Device memory for simt::Array.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>

#include "kernels/simt/cuda/check.hpp"
#include "kernels/simt/runtime/device_memory.hpp"

namespace simt::detail {

inline void* allocate(std::size_t elements, std::size_t element_bytes, Source) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(elements, element_bytes, &bytes)) throw Error("no device has so much memory");
  void* object = nullptr;
  check(cudaMalloc(&object, bytes), "allocating ", bytes, " bytes of device memory");
  if (bytes != 0) check(cudaMemset(object, 0xff, bytes), "filling device memory");
  return object;
}
inline void release(void* object, Source) noexcept { cudaFree(object); }

inline void upload(void* to, const void* from, std::size_t bytes) {
  check(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "upload");
}
inline void download(void* to, const void* from, std::size_t bytes) {
  check(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "download");
}

}  // namespace simt::detail
