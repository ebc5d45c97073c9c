// Counts of byte values: atomics on shared memory, and then one on device memory for each block and value.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int bins = 256;

__global__ void histogram(const unsigned char* values, int n, unsigned* counts) {
  SHARED(unsigned, own, [bins]);
  for (int bin = threadIdx.x; bin < bins; bin += blockDim.x) own[bin] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    atomicAdd(&own[values[i]], 1);
  }
  __syncthreads();
  for (int bin = threadIdx.x; bin < bins; bin += blockDim.x) atomicAdd(&counts[bin], own[bin]);
}

}  // namespace

std::string simt_checks::histogram() {
  const int n = 30000;
  std::vector<unsigned char> values(n);
  std::vector<unsigned> expected(bins);
  for (int i = 0; i < n; ++i) {
    values[i] = static_cast<unsigned char>(i * i >> 3);
    ++expected[values[i]];
  }
  simt::Array<unsigned char> values_device(n);
  simt::Array<unsigned> counts(bins);
  values_device.upload(values);
  counts.upload(std::vector<unsigned>(bins, 0));
  simt::launch<::histogram>({dim3(9), dim3(128)}, values_device.data(), n, counts.data());
  return difference(counts.download(), expected);
}
