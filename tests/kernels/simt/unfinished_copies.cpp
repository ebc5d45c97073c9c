// A thread that returns before its asynchronous copies have arrived.
#include "tests/kernels/simt/support.hpp"

namespace {

constexpr int line = __LINE__ + 3;
__global__ void forgets_to_wait(const float* in) {
  SHARED(float, tile, [32]);
  simt::cp_async<4>(&tile[threadIdx.x], &in[threadIdx.x]);
  simt::cp_async_commit();
  if (threadIdx.x < 7) simt::cp_async_wait<0>();
}

TEST_CASE("unfinished copies: are an error, and the next launch has none of them") {
  simt::Array<float> in(32);
  in.upload(std::vector<float>(32, 1));
  for (int round = 0; round < 2; ++round) {
    CHECK(simt_testing::launch_error<forgets_to_wait>({1, 32}, in.data()) ==
          "kernel forgets_to_wait, block (0,0,0), thread (7,0,0): " + simt_testing::place(__FILE__, line) +
              ": the thread returned before this copy had arrived: it must wait for it");
  }
}

}  // namespace
