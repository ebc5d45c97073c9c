// C = A B by square tiles in shared memory; the sizes need not be multiples of the tile.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

template <int Tile>
__global__ void __launch_bounds__(Tile* Tile) matmul(const float* a, const float* b, float* c, int m, int n, int k) {
  SHARED(float, a_tile, [Tile][Tile + 1]);
  SHARED(float, b_tile, [Tile][Tile + 1]);
  const int x = threadIdx.x, y = threadIdx.y;
  const int row = blockIdx.y * Tile + y, column = blockIdx.x * Tile + x;
  float sum = 0;
  for (int first = 0; first < k; first += Tile) {
    a_tile[y][x] = row < m && first + x < k ? a[row * k + first + x] : 0;
    b_tile[y][x] = first + y < k && column < n ? b[(first + y) * n + column] : 0;
    __syncthreads();
    for (int i = 0; i < Tile; ++i) sum = fmaf(a_tile[y][i], b_tile[i][x], sum);
    __syncthreads();
  }
  if (row < m && column < n) c[row * n + column] = sum;
}

template <int Tile>
std::string run(int m, int n, int k) {
  const std::vector<float> a = simt_checks::eighths(m * k, 1), b = simt_checks::eighths(k * n, 2);
  simt::Array<float> a_device(a.size()), b_device(b.size()), c_device(m * n);
  a_device.upload(a);
  b_device.upload(b);
  const dim3 grid((n + Tile - 1) / Tile, (m + Tile - 1) / Tile);
  simt::launch<matmul<Tile>>({grid, dim3(Tile, Tile)}, a_device.data(), b_device.data(), c_device.data(), m, n, k);
  return simt_checks::difference(c_device.download(), simt_checks::product(a, b, m, n, k));
}

}  // namespace

std::string simt_checks::tiled_matmul() {
  std::string wrong = run<16>(37, 29, 45);
  return wrong.empty() ? run<8>(16, 40, 1) : wrong;
}
