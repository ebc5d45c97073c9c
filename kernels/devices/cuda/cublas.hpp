// cuBLAS, loaded when asked for: linking it would cost start-up time, and its absence the whole program.
#pragma once

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <simt.hpp>
#include <string>

#include "kernels/base/error.hpp"
#include "kernels/gpu/blas.hpp"
#include "kernels/ops/matmul/matmul.hpp"

namespace wengert::kernels::gpu {

class Cublas final : public Blas {
 public:
  bool tf32 = false;  ///< by the tensor cores, of rounded operands

  /// Error: there is no cuBLAS.
  explicit Cublas(simt::Stream stream) {
    // What is called has been the same in 12 and 13. The name without a number comes with the toolkit alone.
    for (const char* const name : {"libcublas.so.13", "libcublas.so.12", "libcublas.so",
                                   "/usr/local/cuda/lib64/libcublas.so.13", "/usr/local/cuda/lib64/libcublas.so.12"}) {
      if (library_ == nullptr) library_ = dlopen(name, RTLD_NOW);
    }
    if (library_ == nullptr) fail("no cuBLAS: ", dlerror(), "; name its folder in LD_LIBRARY_PATH");
    load(create_, "cublasCreate_v2");
    load(destroy_, "cublasDestroy_v2");
    load(set_stream_, "cublasSetStream_v2");
    load(set_workspace_, "cublasSetWorkspace_v2");
    load(set_math_, "cublasSetMathMode");
    load(sgemm_, "cublasSgemm_v2");
    ok(create_(&handle_), "cublasCreate");
    ok(set_stream_(handle_, stream), "cublasSetStream");
    // Of its own: cuBLAS would else allocate one while a graph is captured, and the graph would use it after it is freed.
    simt::check(cudaMalloc(&workspace_, workspace_bytes));
    ok(set_workspace_(handle_, workspace_, workspace_bytes), "cublasSetWorkspace");
  }
  Cublas(const Cublas&) = delete;
  Cublas& operator=(const Cublas&) = delete;
  ~Cublas() override {
    destroy_(handle_);
    cudaFree(workspace_);
  }

  /// All is row-major, which cuBLAS reads as transposed: C^T = op(B)^T op(A)^T.
  void product(const MatmulShape& s, const float* a, const float* b, const Sink<float>& c) override {
    const auto size = [](std::int64_t n) { return static_cast<int>(std::max<std::int64_t>(n, 1)); };
    const float one = 1, before = c.mode == SinkMode::add ? 1 : 0;
    ok(set_math_(handle_, tf32 ? 3 : 0), "cublasSetMathMode");  // CUBLAS_TF32_TENSOR_OP_MATH, CUBLAS_DEFAULT_MATH
    ok(sgemm_(handle_, s.transpose_b, s.transpose_a, size(s.n), size(s.m), static_cast<int>(s.k), &one, b,
              size(s.transpose_b ? s.k : s.n), a, size(s.transpose_a ? s.m : s.k), &before, c.data, size(s.n)),
       "cublasSgemm");
  }

 private:
  static constexpr std::size_t workspace_bytes = std::size_t{32} << 20;  // as cuBLAS itself takes on sm_90

  template <class Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) fail("cuBLAS has no ", name);
  }
  static void ok(int status, const char* call) {
    if (status != 0) fail(call, " gave the status ", status);
  }

  void* library_ = nullptr;  // stays: what it has registered with CUDA may outlive it
  void *handle_ = nullptr, *workspace_ = nullptr;
  int (*create_)(void**) = nullptr;
  int (*destroy_)(void*) = nullptr;
  int (*set_stream_)(void*, simt::Stream) = nullptr;
  int (*set_workspace_)(void*, void*, std::size_t) = nullptr;
  int (*set_math_)(void*, int) = nullptr;
  int (*sgemm_)(void*, int, int, int, int, int, const float*, const float*, int, const float*, int, const float*,
                float*, int) = nullptr;
};

}  // namespace wengert::kernels::gpu
