// Running sums in three launches: of each block, of the blocks' totals, and both together.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int threads = 256;

__device__ int warp_scan(int value) {
  const int lane = threadIdx.x % 32;
  for (int offset = 1; offset < 32; offset *= 2) {
    const int below = __shfl_up_sync(0xffffffff, value, offset);
    if (lane >= offset) value += below;
  }
  return value;
}

__device__ int block_scan(int value) {
  SHARED(int, of_warp, [threads / 32]);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  value = warp_scan(value);
  if (lane == 31) of_warp[warp] = value;
  __syncthreads();
  if (warp == 0) {
    const int sums = warp_scan(lane < threads / 32 ? of_warp[lane] : 0);
    if (lane < threads / 32) of_warp[lane] = sums;
  }
  __syncthreads();
  return warp == 0 ? value : value + of_warp[warp - 1];
}

__global__ void scan_blocks(const int* x, int* y, int* totals, int n) {
  const int i = blockIdx.x * threads + threadIdx.x;
  const int sum = block_scan(i < n ? x[i] : 0);
  if (i < n) y[i] = sum;
  if (threadIdx.x == threads - 1) totals[blockIdx.x] = sum;
}

__global__ void scan_totals(int* totals, int n) {
  const int i = threadIdx.x;
  const int sum = block_scan(i < n ? totals[i] : 0);
  if (i < n) totals[i] = sum;
}

__global__ void add_totals(int* y, const int* totals, int n) {
  const int i = blockIdx.x * threads + threadIdx.x;
  if (i < n && blockIdx.x > 0) y[i] += totals[blockIdx.x - 1];
}

}  // namespace

std::string simt_checks::scan() {
  const int n = 5000, blocks = (n + threads - 1) / threads;
  std::vector<int> x(n), expected(n);
  for (int i = 0; i < n; ++i) {
    x[i] = i * 7919 % 101 - 50;
    expected[i] = x[i] + (i > 0 ? expected[i - 1] : 0);
  }
  simt::Array<int> x_device(n), y(n), totals(blocks);
  x_device.upload(x);
  simt::launch<scan_blocks>({dim3(blocks), dim3(threads)}, x_device.data(), y.data(), totals.data(), n);
  simt::launch<scan_totals>({dim3(1), dim3(threads)}, totals.data(), blocks);
  simt::launch<add_totals>({dim3(blocks), dim3(threads)}, y.data(), totals.data(), n);
  return difference(y.download(), expected);
}
