// Matrix product.
//
//   C (m, n) = op(A) op(B), op(A) is (m, k), op(B) is (k, n); `transpose_a` says that A is stored as (k, m), and so on.
//   dA = dC B^T, dB = A^T dC: two more products, so this kernel is its own backward. C is a sink.
//
//   dtypes       float32, float64.  k = 0 gives zeros.
//   determinism  each element is summed in an order that the shape decides: same bits for any address and thread count.
//                float32 uses fused multiply-adds where the processor has them, so the bits are this processor's.
//   bytes, flops (mk + kn + mn) sizeof(T), 2mnk
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct Matmul {
  static constexpr const char* name = "matmul";
  static constexpr Words words{.forward = "x₁ x₂, a product of matrices", .local = {"u x₂ᵀ", "x₁ᵀ u"}};
};

struct MatmulShape {
  std::int64_t m, k, n;
  bool transpose_a = false, transpose_b = false;
};

template <class T>
void matmul(Stream&, MatmulShape, const T* a, const T* b, Sink<T> c);

}  // namespace wengert::kernels
