// C = A B by the tensor cores: while they work on one tile, cp.async brings the next.
//
// A block of four warps makes 32 x 32 of C, each warp 16 x 16. Beyond the matrices' edges cp.async fills with zeros.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int tile = 32, depth = 16, threads = 128;

struct Matrix {
  const float* elements;
  int rows, columns;  // columns is a multiple of 4

  /// Starts to copy four elements.
  __device__ void fetch(float* to, int row, int column) const {
    const bool inside = row < rows && column < columns;
    simt::cp_async<16>(to, inside ? &elements[row * columns + column] : elements, inside ? 16 : 0);
  }
};

__global__ void __launch_bounds__(threads) tf32_matmul(Matrix a, Matrix b, float* c) {
  SHARED(float, a_tile, [2][tile][depth + 4]);  // the padding keeps a warp's reads apart
  SHARED(float, b_tile, [2][depth][tile + 8]);
  const int first_row = blockIdx.y * tile, first_column = blockIdx.x * tile;
  const auto fetch = [&](int stage, int k) {
    const int i = threadIdx.x * 4;
    a.fetch(&a_tile[stage][i / depth][i % depth], first_row + i / depth, k + i % depth);
    b.fetch(&b_tile[stage][i / tile][i % tile], k + i / tile, first_column + i % tile);
    simt::cp_async_commit();
  };
  const int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4, t = threadIdx.x % 4;
  const int row = warp / 2 * 16 + g, column = warp % 2 * 16 + g;
  float sums[2][4] = {};

  fetch(0, 0);
  for (int k = 0, stage = 0; k < a.columns; k += depth, stage ^= 1) {
    fetch(stage ^ 1, k + depth);
    simt::cp_async_wait<1>();
    __syncthreads();
    const auto& a_now = a_tile[stage];
    const auto& b_now = b_tile[stage];
    for (int i = t; i < depth; i += 8) {
      const unsigned a_fragment[] = {simt::cvt_rna_tf32(a_now[row][i]), simt::cvt_rna_tf32(a_now[row + 8][i]),
                                     simt::cvt_rna_tf32(a_now[row][i + 4]), simt::cvt_rna_tf32(a_now[row + 8][i + 4])};
      for (int half = 0; half < 2; ++half) {
        const unsigned b_fragment[] = {simt::cvt_rna_tf32(b_now[i][column + 8 * half]),
                                       simt::cvt_rna_tf32(b_now[i + 4][column + 8 * half])};
        simt::mma_m16n8k8_tf32(sums[half], a_fragment, b_fragment, sums[half]);
      }
    }
    __syncthreads();
  }
  simt::cp_async_wait<0>();

  for (int half = 0; half < 2; ++half) {
    for (int i = 0; i < 4; ++i) {
      const int r = first_row + row + i / 2 * 8, s = first_column + warp % 2 * 16 + half * 8 + 2 * t + i % 2;
      if (r < a.rows && s < b.columns) c[r * b.columns + s] = sums[half][i];
    }
  }
}

}  // namespace

std::string simt_checks::tf32_matmul() {
  const int m = 45, n = 68, k = 52;
  const std::vector<float> a = eighths(m * k, 6), b = eighths(k * n, 7);
  simt::Array<float> a_device(a.size()), b_device(b.size()), c(m * n);
  a_device.upload(a);
  b_device.upload(b);
  simt::launch<::tf32_matmul>({dim3((n + tile - 1) / tile, (m + tile - 1) / tile), dim3(threads)},
                              Matrix{a_device.data(), m, k}, Matrix{b_device.data(), k, n}, c.data());
  return difference(c.download(), product(a, b, m, n, k));
}
