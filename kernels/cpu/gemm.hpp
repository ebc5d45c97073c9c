// C = A B or C += A B in float32, near the rate at which the processor can multiply and add.
#pragma once

#include <cstdint>

#include "kernels/sink.hpp"

namespace wengert::kernels::cpu {

/// A matrix in memory: element (i, j) at data[i * row_step + j * col_step], one of the steps being 1.
struct MatrixView {
  const float* data;
  std::int64_t row_step, col_step;
};

/// C (m, n), row-major, is A (m, k) times B (k, n). Each element is summed over k in one order that k alone decides, so
/// its bits depend neither on the address, nor on m and n, nor on the number of threads. k >= 1.
void gemm(std::int64_t m, std::int64_t k, std::int64_t n, MatrixView a, MatrixView b, Sink<float> c);

}  // namespace wengert::kernels::cpu
