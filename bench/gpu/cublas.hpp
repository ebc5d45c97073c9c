// cuBLAS as a baseline, loaded when asked for: linking it would cost start-up time, and its absence the whole program.
#pragma once

#include <dlfcn.h>

#include <simt.hpp>
#include <string>

namespace wengert::gpu_bench {

class Cublas {
 public:
  /// Throws simt::Error where there is none.
  explicit Cublas(simt::Stream stream) {
    for (const char* const name : {"libcublas.so.13", "libcublas.so", "/usr/local/cuda/lib64/libcublas.so.13"}) {
      if (library_ == nullptr) library_ = dlopen(name, RTLD_NOW);
    }
    if (library_ == nullptr) throw simt::Error(std::string("no cuBLAS: ") + dlerror());
    load(create_, "cublasCreate_v2");
    load(set_stream_, "cublasSetStream_v2");
    load(set_math_, "cublasSetMathMode");
    load(sgemm_, "cublasSgemm_v2");
    ok(create_(&handle_), "cublasCreate");
    ok(set_stream_(handle_, stream), "cublasSetStream");
  }

  /// y (rows, out) = x (rows, in) W^T (out, in), all row-major, which cuBLAS reads as transposed.
  void linear(bool tf32, int rows, int in, int out, const float* x, const float* weight, float* y) {
    constexpr int no_transpose = 0, transpose = 1;
    const float one = 1, zero = 0;
    ok(set_math_(handle_, tf32 ? 3 : 0), "cublasSetMathMode");  // CUBLAS_TF32_TENSOR_OP_MATH, CUBLAS_DEFAULT_MATH
    ok(sgemm_(handle_, transpose, no_transpose, out, rows, in, &one, weight, in, x, in, &zero, y, out), "cublasSgemm");
  }

 private:
  template <class Function>
  void load(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) throw simt::Error(std::string("cuBLAS has no ") + name);
  }
  static void ok(int status, const char* call) {
    if (status != 0) throw simt::Error(std::string(call) + " gave the status " + std::to_string(status));
  }

  void* library_ = nullptr;
  void* handle_ = nullptr;
  int (*create_)(void**) = nullptr;
  int (*set_stream_)(void*, simt::Stream) = nullptr;
  int (*set_math_)(void*, int) = nullptr;
  int (*sgemm_)(void*, int, int, int, int, int, const float*, const float*, int, const float*, int, const float*,
                float*, int) = nullptr;
};

}  // namespace wengert::gpu_bench
