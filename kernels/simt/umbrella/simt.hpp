// A stand-in for the block simulator's header, for nvcc alone, until that is merged.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

#define SHARED(T, name, ...) __shared__ T name __VA_ARGS__
#define SHARED_DYNAMIC(T, name)                                   \
  extern __shared__ __align__(16) unsigned char simt_dynamic[]; \
  T* const name = reinterpret_cast<T*>(simt_dynamic)

namespace simt {

using Stream = cudaStream_t;

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(cudaError_t code, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (code == cudaSuccess) return;
  cudaGetLastError();
  throw Error(std::string(file) + ":" + std::to_string(line) + ": " + cudaGetErrorString(code));
}

struct Launch {
  dim3 grid, block;
  std::size_t shared_bytes = 0;
  Stream stream = nullptr;
};

template <auto Kernel, class... Args>
void launch(const Launch& where, const Args&... args) {
  if (where.shared_bytes > 48 * 1024) {
    check(cudaFuncSetAttribute(Kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(where.shared_bytes)));
  }
  cudaLaunchConfig_t config{};
  config.gridDim = where.grid;
  config.blockDim = where.block;
  config.dynamicSmemBytes = where.shared_bytes;
  config.stream = where.stream;
  check(cudaLaunchKernelEx(&config, Kernel, args...));
}

}  // namespace simt

// Asynchronous copies from global to shared memory.
namespace simt {

template <int Bytes>
__device__ inline void cp_async(void* shared, const void* global) {
  const auto to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  if constexpr (Bytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(to), "l"(global) : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(to), "l"(global), "n"(Bytes) : "memory");
  }
}
__device__ inline void cp_async_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int Pending>
__device__ inline void cp_async_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(Pending) : "memory");
}

}  // namespace simt

// Device memory with an owner.
#include <span>
#include <vector>
namespace simt {

template <class T>
class Array {
 public:
  explicit Array(std::size_t size) : size_(size) {
    check(cudaMalloc(&data_, (size + 1) * sizeof(T)));
    check(cudaMemset(data_, 0xff, size * sizeof(T)));
  }
  Array(Array&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
  ~Array() { cudaFree(data_); }
  void upload(std::span<const T> values) {
    check(cudaMemcpy(data_, values.data(), values.size_bytes(), cudaMemcpyHostToDevice));
  }
  std::vector<T> download() const {
    std::vector<T> values(size_);
    check(cudaMemcpy(values.data(), data_, size_ * sizeof(T), cudaMemcpyDeviceToHost));
    return values;
  }
  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_;
};

}  // namespace simt
