// Stacks that overflow.
#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::launch_error;

__device__ int descend(int depth) {  // NOLINT(misc-no-recursion): that is the point
  volatile int frame[64];
  frame[depth % 64] = depth;
  return depth == 0 ? frame[0] : descend(depth - 1) + frame[depth % 64];
}
__global__ void deep(int* out, int depth) {
  if (threadIdx.x == 5) out[0] = descend(depth);
  __syncthreads();
}

__global__ void wide(int* out) {
  volatile int array[100'000];
  if (threadIdx.x == 0) array[out[1]] = 1;
  __syncthreads();
  out[0] = array[out[1]];
}

// Of the address sanitizer's own making, frames are larger.
std::string overflow(int kib) {
  return "stack overflow: the thread has " + std::to_string(kib) +
         " KiB for its local variables, and SIMT_STACK_KB can give it more";
}

TEST_CASE("stacks: an overflow is an error, again and again") {
  simt_testing::Settings settings;
  settings->stack_kib = 128;
  simt::Array<int> out(2);
  out.upload(std::vector<int>{0, 0});
  CHECK(launch_error<deep>({1, 32}, out.data(), 10) == "no error");
  for (int round = 0; round < 3; ++round) {
    CHECK(launch_error<deep>({1, 32}, out.data(), 100'000) ==
          "kernel deep, block (0,0,0), thread (5,0,0): " + overflow(128));
    CHECK(launch_error<wide>({1, 2}, out.data()) == "kernel wide, block (0,0,0), thread (0,0,0): " + overflow(128));
  }
}

TEST_CASE("stacks: a larger stack holds what a smaller one did not") {
  simt_testing::Settings settings;
  settings->stack_kib = 1024;
  simt::Array<int> out(2);
  out.upload(std::vector<int>{0, 0});
  CHECK(launch_error<wide>({1, 2}, out.data()) == "no error");
}

}  // namespace
