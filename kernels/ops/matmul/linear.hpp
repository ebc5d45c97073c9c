// The affine layer.
//
//   y (rows, out) = x (rows, in) W^T + b      W (out, in), b (out), as PyTorch's
//   dx = dy W      dW = dy^T x      db = column sums of dy, in the fixed tree over rows
//
//   dtypes       float32, float64.  rows = 0: y is empty, dW and db are zeros.
//   backward     reads x, W and dy; each of its three results only where its sink wants it.
//   determinism  as matmul.
//   bytes, flops forward (rows in + out in + out + rows out) sizeof(T), 2 rows in out; backward twice the flops
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct Linear {
  static constexpr const char* name = "linear";
  static constexpr Words words{.forward = "x₁ x₂ᵀ + x₃", .local = {"u x₂", "uᵀ x₁", "the sum of u's rows"}};
};

struct LinearShape {
  std::int64_t rows, in, out;
};

template <class T>
void linear(Stream&, LinearShape, const T* x, const T* weight, const T* bias, T* y);
template <class T>
void linear_backward(Stream&, LinearShape, const T* x, const T* weight, const T* dy, Sink<T> dx, Sink<T> dweight,
                     Sink<T> dbias);

}  // namespace wengert::kernels
