// Matrix products on a GPU: what matmul.cu does for itself and for linear.cu.
//
//   by whom      as the stream says (kernels/base/products.hpp): these kernels in float32, the tensor cores, or cuBLAS
//   determinism  a product's terms are added in an order that the shape alone decides: in order of k within a slice of
//                it, then slice by slice. Agrees with the CPU's to rounding. cuBLAS' order is its own.
//   errors       more than most_along_axis along m, k or n; there may be any number of elements
#pragma once

#include <cstdint>

#include "kernels/gpu/stream.hpp"
#include "kernels/ops/matmul/matmul.hpp"

namespace wengert::kernels::gpu {

inline constexpr std::int64_t most_along_axis = (std::int64_t{1} << 31) - 1024;

/// What becomes of an element before it is stored: the bias of its column is added, if there is one, and then the ReLU
/// taken, if it is wanted, with a mask of where the gradient passes it (kernels/ops/matmul/gpu_linear.hpp), if that is wanted too.
struct Epilogue {
  const float* bias = nullptr;
  bool relu = false;
  std::uint8_t* mask = nullptr;
};

/// C = op(A) op(B), as kernels/ops/matmul/matmul.hpp says.
void product(GpuStream&, MatmulShape, const float* a, const float* b, Sink<float> c, Epilogue = {});

/// The same by the tensor cores, for k > 0: of operands rounded to TF32 (10 bits of mantissa), or as 3xTF32.
enum class Terms : std::uint8_t { one, three };
void tf32_product(GpuStream&, MatmulShape, Terms, const float* a, const float* b, Sink<float> c, Epilogue = {});
/// Whether a product is large enough for them to be of use.
bool is_for_tensor_cores(const MatmulShape&);

}  // namespace wengert::kernels::gpu
