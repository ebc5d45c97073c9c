// One sum for each block: in registers, by shuffles within the warps, and by shared memory between them.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

__device__ float warp_sum(float value) {
  for (int offset = 16; offset > 0; offset /= 2) value += __shfl_down_sync(0xffffffff, value, offset);
  return value;
}

__global__ void block_sums(const float* x, float* sums, int per_block) {
  SHARED(float, of_warp, [32]);
  float sum = 0;
  for (int i = threadIdx.x; i < per_block; i += blockDim.x) sum += x[blockIdx.x * per_block + i];
  sum = warp_sum(sum);
  const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = blockDim.x / 32;
  if (lane == 0) of_warp[warp] = sum;
  __syncthreads();
  if (warp == 0) {
    sum = warp_sum(lane < warps ? of_warp[lane] : 0);
    if (lane == 0) sums[blockIdx.x] = sum;
  }
}

std::string run(int blocks, int threads, int per_block) {
  const std::vector<float> x = simt_checks::eighths(blocks * per_block, 3);
  std::vector<float> expected(blocks);
  for (std::size_t i = 0; i < x.size(); ++i) expected[i / per_block] += x[i];
  simt::Array<float> x_device(x.size()), sums(blocks);
  x_device.upload(x);
  simt::launch<block_sums>({dim3(blocks), dim3(threads)}, x_device.data(), sums.data(), per_block);
  return simt_checks::difference(sums.download(), expected);
}

}  // namespace

std::string simt_checks::block_sums() {
  std::string wrong = run(5, 256, 1000);
  return wrong.empty() ? run(3, 96, 50) : wrong;
}
