// Loads and stores with a hint, and waiting.
#include <doctest/doctest.h>

#include <simt.hpp>
#include <vector>

namespace {

__global__ void with_hints(const float4* in, float4* out) {
  __stcg(&out[0], __ldg(&in[0]));
  __stcs(&out[1], __ldcg(&in[1]));
  __stwb(&out[2], __ldcs(&in[2]));
  __stwt(&out[3], __ldca(&in[3]));
  out[4] = __ldcv(&in[4]);
}

TEST_CASE("memory: a hint changes nothing") {
  simt::Array<float> in(20), out(20);
  std::vector<float> values(20);
  for (int i = 0; i < 20; ++i) values[i] = static_cast<float>(i);
  in.upload(values);
  simt::launch<with_hints>({dim3(1), dim3(1)}, reinterpret_cast<const float4*>(in.data()),
                           reinterpret_cast<float4*>(out.data()));
  CHECK(out.download() == values);
}

__global__ void wait_for_the_last(int* out) {
  SHARED(volatile int, ready, [1]);
  if (threadIdx.x == 0) ready[0] = 0;
  __syncthreads();
  if (threadIdx.x == blockDim.x - 1) {
    *out = 7;
    __threadfence_block();
    ready[0] = 1;
  }
  while (ready[0] == 0) __nanosleep(100);
}

TEST_CASE("memory: who sleeps lets the others run") {
  simt::Array<int> out(1);
  simt::launch<wait_for_the_last>({dim3(1), dim3(96)}, out.data());
  CHECK(out.download()[0] == 7);
}

__global__ void give_up() {
  if (threadIdx.x == 5) __trap();
}

TEST_CASE("memory: __trap ends the launch, and says where") {
  CHECK_THROWS_WITH_AS(simt::launch<give_up>({dim3(1), dim3(32)}),
                       doctest::Contains("kernel give_up, block (0,0,0), thread (5,0,0): memory.cpp:"), simt::Error);
}

}  // namespace
