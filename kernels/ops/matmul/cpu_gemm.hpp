// C = op(A) op(B) in float32, near the rate at which the processor can multiply and add.
#pragma once

#include "kernels/ops/matmul/matmul.hpp"

namespace wengert::kernels::cpu {

/// C as in matmul.hpp. Each element is summed over k in an order that k alone decides, so its bits depend
/// neither on the address, nor on m and n, nor on the number of threads.
void gemm(const MatmulShape& s, const float* a, const float* b, Sink<float> c);

}  // namespace wengert::kernels::cpu
