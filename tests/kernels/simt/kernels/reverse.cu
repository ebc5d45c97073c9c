// Numbers reversed in shared memory: static and dynamic, each less than the 48 KiB that need not be asked for, together more.
#include <simt.hpp>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

constexpr int in_static = 3072, in_dynamic = 10240, n = in_static + in_dynamic, threads = 256;

__global__ void reverse(const float* x, float* y) {
  SHARED(float, low, [in_static]);
  SHARED_DYNAMIC(float, high);
  for (int i = static_cast<int>(threadIdx.x); i < n; i += threads) {
    (i < in_static ? low[i] : high[i - in_static]) = x[i];
  }
  __syncthreads();
  for (int i = static_cast<int>(threadIdx.x); i < n; i += threads) {
    const int from = n - 1 - i;
    y[i] = from < in_static ? low[from] : high[from - in_static];
  }
}

}  // namespace

std::string simt_checks::reversal() {
  const std::vector<float> x = eighths(n, 9);
  simt::Array<float> from(n), to(n);
  from.upload(x);
  simt::launch<reverse>({1, threads, in_dynamic * sizeof(float)}, from.data(), to.data());
  return difference(to.download(), std::vector<float>(x.rbegin(), x.rend()));
}
