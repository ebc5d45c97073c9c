// cub JSON: CUB's reductions and transforms on the sizes that time.cu measures.
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/transform_iterator.h>

#include <cub/cub.cuh>

#include "bench/gpu/timing.hpp"

namespace wengert::gpu_bench {
namespace {

struct Distance {
  const float *a, *b;
  __host__ __device__ float operator()(std::int64_t i) const { return fabsf(b[i] - a[i]); }
};
struct Relu {
  __host__ __device__ float operator()(float x) const { return x < 0 ? 0 : x; }
};

template <class Call>
simt::Array<char> scratch_for(const Call& call) {
  std::size_t bytes = 0;
  simt::check(call(nullptr, bytes));
  return simt::Array<char>(bytes);
}

void sums(Clock& clock, Results& results, std::int64_t n, const std::string& name) {
  Floats a(n, 1), b(n, 2), out(1);
  const Distance distance{a, b};
  const auto numbers = thrust::make_transform_iterator(thrust::make_counting_iterator(std::int64_t{0}), distance);
  const auto sum = [&](void* scratch, std::size_t& bytes) {
    return cub::DeviceReduce::Sum(scratch, bytes, static_cast<float*>(a), static_cast<float*>(out), n, clock.queue());
  };
  const auto of_distances = [&](void* scratch, std::size_t& bytes) {
    return cub::DeviceReduce::Sum(scratch, bytes, numbers, static_cast<float*>(out), n, clock.queue());
  };
  const auto measure = [&](const auto& call, const std::string& what, double each) {
    simt::Array<char> scratch = scratch_for(call);
    std::size_t bytes = scratch.size();
    const auto work = [&](int) { simt::check(call(scratch.data(), bytes)); };
    const Work least{each * static_cast<double>(n)};
    results.add("cub", what + ", " + name, n > 1'000'000 ? "cold" : "warm", clock.call(work), least);
    if (n <= 1'000'000) results.add("cub", what + ", " + name, "node", clock.node(work), least);
  };
  measure(sum, "sum", 4);
  measure(of_distances, "sum of |a - b|", 8);
}

void transform(Clock& clock, Results& results) {
  const std::int64_t n = 1 << 26;
  Floats x(n, 1), y(n);
  const auto work = [&](int) {
    simt::check(
        cub::DeviceTransform::Transform(cuda::std::tuple<float*>{x}, static_cast<float*>(y), n, Relu{}, clock.queue()));
  };
  results.add("cub", "relu forward 2^26", "cold", clock.call(work), {8.0 * static_cast<double>(n)});
}

}  // namespace
}  // namespace wengert::gpu_bench

int main(int count, char** arguments) {
  using namespace wengert::gpu_bench;
  Clock clock;
  Results results;
  sums(clock, results, 100'000'000, "100M");
  sums(clock, results, 1 << 16, "2^16");
  sums(clock, results, 17, "17");
  transform(clock, results);
  return results.write(count > 1 ? arguments[1] : "/dev/null");
}
