// y = exp(x - max) / sum of it, a block for each row, which it keeps in dynamic shared memory.
#include <simt.hpp>

#include <algorithm>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

struct Sum {
  static constexpr float none = 0;
  __device__ float operator()(float a, float b) const { return a + b; }
};
struct Maximum {
  static constexpr float none = -INFINITY;
  __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

/// Of the whole block, in every thread.
template <class Op>
__device__ float reduce(float value, Op op) {
  SHARED(float, of_warp, [32]);
  for (int offset = 16; offset > 0; offset /= 2) value = op(value, __shfl_xor_sync(0xffffffff, value, offset));
  __syncthreads();  // an earlier one with the same operation may still be read
  if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = value;
  __syncthreads();
  value = Op::none;
  for (unsigned warp = 0; warp < blockDim.x / 32; ++warp) value = op(value, of_warp[warp]);
  return value;
}

__global__ void row_softmax(const float* x, float* y, int columns) {
  SHARED_DYNAMIC(float, row);
  x += blockIdx.x * columns;
  y += blockIdx.x * columns;
  float greatest = -INFINITY;
  for (int i = threadIdx.x; i < columns; i += blockDim.x) {
    row[i] = __ldg(&x[i]);
    greatest = fmaxf(greatest, row[i]);
  }
  greatest = reduce(greatest, Maximum());
  float sum = 0;
  for (int i = threadIdx.x; i < columns; i += blockDim.x) {
    row[i] = expf(row[i] - greatest);
    sum += row[i];
  }
  sum = reduce(sum, Sum());
  for (int i = threadIdx.x; i < columns; i += blockDim.x) __stcs(&y[i], row[i] / sum);
}

void plain_softmax(const float* x, float* y, int columns) {
  const double greatest = *std::max_element(x, x + columns);
  double sum = 0;
  for (int i = 0; i < columns; ++i) sum += std::exp(x[i] - greatest);
  for (int i = 0; i < columns; ++i) y[i] = static_cast<float>(std::exp(x[i] - greatest) / sum);
}

}  // namespace

std::string simt_checks::row_softmax() {
  const int rows = 7, columns = 333;
  const std::vector<float> x = eighths(rows * columns, 5);
  std::vector<float> expected(x.size());
  for (int row = 0; row < rows; ++row) plain_softmax(&x[row * columns], &expected[row * columns], columns);
  simt::Array<float> x_device(x.size()), y(x.size());
  x_device.upload(x);
  simt::launch<::row_softmax>({dim3(rows), dim3(128), columns * sizeof(float)}, x_device.data(), y.data(), columns);
  return difference(y.download(), expected, 1e-7);
}
