// A sum on the device, for the block simulator and for nvcc: within a warp by shuffles, between the warps of a block by
// shared memory, between blocks by an atomic.
//
//     cmake --build build/release --target block_sum && build/release/bin/block_sum         where there is no GPU
//     nvcc -std=c++20 -arch=native -I . -I kernels/simt/umbrella examples/simt/block_sum.cu && ./a.out     where there is
//
// Output:
//   1 + 2 + ... + 100000 = 5000050000
#include <simt.hpp>

#include <cstdio>
#include <numeric>
#include <vector>

using Sum = unsigned long long;

constexpr int threads = 256;

/// In lane 0: each step adds the upper half of the values that are left to the lower one.
__device__ Sum warp_sum(Sum value) {
  for (int offset = warpSize / 2; offset > 0; offset /= 2) value += __shfl_down_sync(0xffffffff, value, offset);
  return value;
}

__global__ void add_up(const int* values, int n, Sum* total) {
  SHARED(Sum, of_warp, [threads / 32]);
  Sum sum = 0;
  for (int i = blockIdx.x * threads + threadIdx.x; i < n; i += gridDim.x * threads) sum += values[i];
  sum = warp_sum(sum);

  const int lane = threadIdx.x % warpSize, warp = threadIdx.x / warpSize;
  if (lane == 0) of_warp[warp] = sum;
  __syncthreads();  // or warp 0 would read what the others have yet to write
  if (warp == 0) {
    sum = warp_sum(lane < threads / warpSize ? of_warp[lane] : 0);
    if (lane == 0) atomicAdd(total, sum);
  }
}

int main() {
  std::vector<int> values(100000);
  std::iota(values.begin(), values.end(), 1);
  const int n = static_cast<int>(values.size());
  try {
    simt::Array<int> on_device(values.size());
    simt::Array<Sum> total(1);
    on_device.upload(values);
    total.upload(std::vector<Sum>{0});
    simt::launch<add_up>({dim3(20), dim3(threads)}, on_device.data(), n, total.data());
    std::printf("1 + 2 + ... + %d = %llu\n", n, total.download()[0]);
    return std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const simt::Error& error) {
    std::fprintf(stderr, "block_sum: %s\n", error.what());
    return 1;
  }
}
