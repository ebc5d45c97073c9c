// Reverses an array in shared memory, with the barrier that it needs and without.
#include "reverse.hpp"

#include <simt.hpp>

namespace {

template <bool with_barrier>
__global__ void reverse(int* values) {
  SHARED(int, copy, [64]);
  copy[threadIdx.x] = values[threadIdx.x];
  if (with_barrier) __syncthreads();
  values[threadIdx.x] = copy[63 - threadIdx.x];
}

}  // namespace

std::vector<int> reversed(const std::vector<int>& values, bool with_barrier) {
  simt::Array<int> device(values.size());
  device.upload(values);
  if (with_barrier) {
    simt::launch<reverse<true>>({dim3(1), dim3(64)}, device.data());
  } else {
    simt::launch<reverse<false>>({dim3(1), dim3(64)}, device.data());
  }
  return device.download();
}
