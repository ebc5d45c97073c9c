// C = A B for bfloat16: a warp for each 16 x 8 of C, fragments by ldmatrix.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int rows = 16, columns = 8, depth = 16;

/// m, n and k are multiples of 16, 8 and 16.
__global__ void bf16_matmul(const __nv_bfloat16* a, const __nv_bfloat16* b, float* c, int n, int k) {
  SHARED(__nv_bfloat16, a_tile, [rows][depth]);
  SHARED(__nv_bfloat16, b_tile, [depth][columns]);
  const int lane = threadIdx.x, first_row = blockIdx.y * rows, first_column = blockIdx.x * columns;
  float sums[4] = {};
  for (int first = 0; first < k; first += depth) {
    for (int i = lane; i < rows * depth; i += 32) {
      a_tile[i / depth][i % depth] = a[(first_row + i / depth) * k + first + i % depth];
    }
    for (int i = lane; i < depth * columns; i += 32) {
      b_tile[i / columns][i % columns] = b[(first + i / columns) * n + first_column + i % columns];
    }
    __syncwarp();
    unsigned a_fragment[4], b_fragment[2];
    simt::ldmatrix(a_fragment, &a_tile[lane % 16][lane / 16 * 8]);
    simt::ldmatrix_trans(b_fragment, &b_tile[lane % 16][0]);
    simt::mma_m16n8k16_bf16(sums, a_fragment, b_fragment, sums);
    __syncwarp();
  }
  for (int i = 0; i < 4; ++i) {
    c[(first_row + lane / 4 + i / 2 * 8) * n + first_column + lane % 4 * 2 + i % 2] = sums[i];
  }
}

__global__ void to_bf16(const float* x, __nv_bfloat16* y, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) y[i] = __float2bfloat16(x[i]);
}

simt::Array<__nv_bfloat16> on_device(const std::vector<float>& x) {
  const int n = static_cast<int>(x.size());
  simt::Array<float> wide(n);
  simt::Array<__nv_bfloat16> narrow(n);
  wide.upload(x);
  simt::launch<to_bf16>({dim3((n + 127) / 128), dim3(128)}, wide.data(), narrow.data(), n);
  return narrow;
}

}  // namespace

std::string simt_checks::bf16_matmul() {
  const int m = 48, n = 24, k = 64;
  const std::vector<float> a = eighths(m * k, 8), b = eighths(k * n, 9);
  const simt::Array<__nv_bfloat16> a_device = on_device(a), b_device = on_device(b);
  simt::Array<float> c(m * n);
  simt::launch<::bf16_matmul>({dim3(n / columns, m / rows), dim3(32)}, a_device.data(), b_device.data(), c.data(), n,
                              k);
  return difference(c.download(), product(a, b, m, n, k));
}
