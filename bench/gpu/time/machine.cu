#include "bench/gpu/timing.hpp"

namespace wengert::gpu_bench {
namespace {

__global__ void read_all(std::int64_t quads, const float4* x, float* sum) {
  constexpr int together = 8;
  float total = 0;
  const std::int64_t step = std::int64_t{gridDim.x} * blockDim.x;
  std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  for (; i + (together - 1) * step < quads; i += together * step) {
    float4 v[together];
    for (int k = 0; k < together; ++k) v[k] = x[i + k * step];
    for (int k = 0; k < together; ++k) total += v[k].x + v[k].y + v[k].z + v[k].w;
  }
  if (total == 1234.5f) *sum = total;  // so that the loads are needed
}
__global__ void copy_all(std::int64_t quads, const float4* x, float4* y) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x * 4 + threadIdx.x;
  float4 v[4];
  for (int k = 0; k < 4; ++k) {
    if (i + k * blockDim.x < quads) v[k] = x[i + k * blockDim.x];
  }
  for (int k = 0; k < 4; ++k) {
    if (i + k * blockDim.x < quads) y[i + k * blockDim.x] = v[k];
  }
}
__global__ void nothing() {}

void machine(Clock& clock, Results& results) {
  const std::int64_t n = 1 << 28;
  Floats x(n), y(n);
  const auto* from = reinterpret_cast<const float4*>(static_cast<float*>(x));
  auto* const to = reinterpret_cast<float4*>(static_cast<float*>(y));
  const double bytes = 4.0 * static_cast<double>(n);
  const auto read = [&](int) {
    simt::launch<read_all>({132 * 8, 256, 0, clock.queue()}, n / 4, from, static_cast<float*>(y));
  };
  const auto copy = [&](int) {
    simt::launch<copy_all>({static_cast<unsigned>(n / 4096), 256, 0, clock.queue()}, n / 4, from, to);
  };
  const auto memcpy = [&](int) {
    simt::check(cudaMemcpyAsync(to, from, size(4 * n), cudaMemcpyDeviceToDevice, clock.queue()));
  };
  const auto launch = [&](int) { simt::launch<nothing>({1, 32, 0, clock.queue()}); };
  results.add("machine", "read 1 GiB", "cold", clock.call(read), {bytes});
  results.add("machine", "copy 1 GiB, a kernel", "cold", clock.call(copy), {2 * bytes});
  results.add("machine", "copy 1 GiB, cudaMemcpyAsync", "cold", clock.call(memcpy), {2 * bytes});
  results.add("machine", "an empty kernel", "warm", clock.call(launch), {});
  results.add("machine", "an empty kernel", "node", clock.node(launch), {});
}

const Part part("machine", machine);

}  // namespace
}  // namespace wengert::gpu_bench
