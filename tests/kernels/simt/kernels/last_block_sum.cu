// The sum of everything in one launch: the block that ends last adds up what the others left. The same bits on every
// run, since it does so in the order of the blocks.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int threads = 128;

/// In thread 0 alone.
__device__ float block_sum(float value) {
  SHARED(float, sums, [threads]);
  const int i = threadIdx.x;
  sums[i] = value;
  __syncthreads();
  for (int half = threads / 2; half > 0; half /= 2) {
    if (i < half) sums[i] += sums[i + half];
    __syncthreads();
  }
  return sums[0];
}

__global__ void last_block_sum(const float* x, int n, float* of_block, unsigned* arrived, float* total) {
  SHARED(bool, is_last, [1]);
  const int i = blockIdx.x * threads + threadIdx.x;
  const float own = block_sum(i < n ? x[i] : 0);
  if (threadIdx.x == 0) {
    of_block[blockIdx.x] = own;
    __threadfence();  // or the last block might not see the sum though it sees the count
    is_last[0] = atomicInc(arrived, gridDim.x - 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (!is_last[0]) return;
  float rest = 0;
  for (unsigned block = threadIdx.x; block < gridDim.x; block += threads) rest += __ldcg(&of_block[block]);
  const float sum = block_sum(rest);
  if (threadIdx.x == 0) *total = sum;
}

}  // namespace

std::string simt_checks::last_block_sum() {
  const int n = 20011, blocks = (n + threads - 1) / threads;
  const std::vector<float> x = eighths(n, 4);
  float expected = 0;
  for (const float value : x) expected += value;
  simt::Array<float> x_device(n), of_block(blocks), total(1);
  simt::Array<unsigned> arrived(1);
  x_device.upload(x);
  arrived.upload(std::vector<unsigned>{0});
  for (int run = 0; run < 2; ++run) {  // the count has come back to 0 for the second
    simt::launch<::last_block_sum>({dim3(blocks), dim3(threads)}, x_device.data(), n, of_block.data(), arrived.data(),
                                   total.data());
    std::string wrong = difference(total.download(), {expected});
    if (!wrong.empty()) return wrong;
  }
  return {};
}
