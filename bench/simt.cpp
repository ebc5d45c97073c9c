// What the block simulator costs: a barrier, on either kind of fiber; a thread without one; a tiled product of matrices.
// simt_checked is the same program under the checker.
#include <benchmark/benchmark.h>

#include <simt.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/build_context.hpp"

namespace {

#ifdef SIMT_CHECKED
const std::string contestant = "/wengert_checked";
#else
const std::string contestant = "/wengert";
#endif

using benchmark::Counter;

__global__ void barriers(int count) {
  for (int i = 0; i < count; ++i) __syncthreads();
}

// The counter is the time per thread and barrier.
void barrier(benchmark::State& state, unsigned threads, simt::Fibers fibers) {
  constexpr int count = 1000;
  simt::options().fibers = fibers;
  for (auto _ : state) simt::launch<barriers>({1, threads}, count);
  state.counters["barrier"] = Counter(double{count} * threads, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

__global__ void saxpy(float* y, const float* x, float a, int size) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < size) y[i] += a * x[i];
}

// The counter is threads a second.
void threads_without_barrier(benchmark::State& state) {
  constexpr int size = 1 << 20;
  simt::options().fibers = simt::Fibers::native;
  simt::Array<float> x(size), y(size);
  x.upload(std::vector<float>(size, 1));
  y.upload(std::vector<float>(size, 0));
  float sum = 0;
  for (auto _ : state) {
    simt::launch<saxpy>({size / 256, 256}, y.data(), x.data(), 1.0f, size);
    ++sum;
  }
  if (y.download()[size - 1] != sum) throw std::runtime_error("saxpy is wrong");
  state.counters["threads"] = Counter(size, Counter::kIsIterationInvariantRate);
}

constexpr int tile = 16;

__global__ void multiply(const float* a, const float* b, float* c, int n) {
  SHARED(float, rows, [tile][tile]);
  SHARED(float, columns, [tile][tile]);
  const int x = static_cast<int>(threadIdx.x), y = static_cast<int>(threadIdx.y);
  const int row = static_cast<int>(blockIdx.y) * tile + y, column = static_cast<int>(blockIdx.x) * tile + x;
  float sum = 0;
  for (int k = 0; k < n; k += tile) {
    rows[y][x] = a[row * n + k + x];
    columns[y][x] = b[(k + y) * n + column];
    __syncthreads();
    for (int i = 0; i < tile; ++i) sum += rows[y][i] * columns[i][x];
    __syncthreads();
  }
  c[row * n + column] = sum;
}

void matmul(benchmark::State& state) {
  constexpr unsigned n = 128;
  simt::options().fibers = simt::Fibers::native;
  simt::Array<float> a(n * n), b(n * n), c(n * n);
  a.upload(std::vector<float>(n * n, 1));
  b.upload(std::vector<float>(n * n, 2));
  const simt::Launch extent{{n / tile, n / tile}, {tile, tile}};
  for (auto _ : state) simt::launch<multiply>(extent, a.data(), b.data(), c.data(), static_cast<int>(n));
  if (c.download() != std::vector<float>(n * n, 2 * n)) throw std::runtime_error("the product is wrong");
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  wengert::bench::add_build_context();
  simt::options().workers = 1;
  for (const unsigned threads : {32u, 256u, 1024u}) {
    const std::string name = "simt: barrier/" + std::to_string(threads);
    benchmark::RegisterBenchmark((name + contestant).c_str(), barrier, threads, simt::Fibers::native);
    benchmark::RegisterBenchmark((name + "/ucontext").c_str(), barrier, threads, simt::Fibers::ucontext);
  }
  benchmark::RegisterBenchmark(("simt: saxpy/1048576" + contestant).c_str(), threads_without_barrier);
  benchmark::RegisterBenchmark(("simt: matmul/128" + contestant).c_str(), matmul);
  benchmark::RunSpecifiedBenchmarks();
}
