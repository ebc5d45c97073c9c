// stress JSON [repeats]: the protocol by which the last block of a grid adds up what the others left in memory. Many
// repeats on grids of several sizes, with outputs and scratch full of NaN before each: all must give the same bits.
#include <iostream>

#include "bench/gpu/test/trial.hpp"
#include "examples/support/numbers.hpp"
#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/inverse_l1/inverse_l1.hpp"
#include "kernels/ops/matmul/matmul.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"

namespace wengert::gpu_check {
namespace {

__global__ void poison(int n, float* x) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) x[i] = nanf("");
}

__global__ void compare(int n, const float* got, const float* wanted, unsigned* wrong) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n && __float_as_uint(got[i]) != __float_as_uint(wanted[i])) atomicAdd(wrong, 1u);
}

simt::Launch over(int n) { return {static_cast<unsigned>((n + 255) / 256), 256, 0, on().queue}; }

// work(out) leaves `outputs` floats in out, and takes at most scratch_size floats of scratch.
template <class Work>
std::string same_bits(int repeats, int outputs, int scratch_size, const Work& work) {
  const auto floats = static_cast<std::size_t>(outputs);
  const Guarded<float> first(floats), out(floats);
  const Guarded<unsigned> wrong(std::vector<unsigned>{0});
  float* const scratch = on().scratch(scratch_size);
  work(first.data());
  for (const float value : first.get()) {
    if (!std::isfinite(value)) return "a result is not finite";
  }
  for (const int max_blocks : {1, 2, 7, 61, 0}) {
    const AtMost blocks(max_blocks, on());
    for (int i = 0; i < repeats; ++i) {
      simt::launch<poison>(over(outputs), outputs, out.data());
      simt::launch<poison>(over(scratch_size), scratch_size, scratch);
      work(out.data());
      simt::launch<compare>(over(outputs), outputs, static_cast<const float*>(out.data()),
                            static_cast<const float*>(first.data()), wrong.data());
    }
    if (const unsigned count = wrong.get()[0]; count > 0)
      return std::to_string(count) + " of " + std::to_string(std::int64_t{repeats} * outputs) +
             " numbers had other bits; at most " + std::to_string(max_blocks) + " blocks (0: as many as suit)";
  }
  return on().scratch(scratch_size) == scratch ? "" : "the kernel took more scratch than was poisoned";
}

std::string similarity(int repeats) {
  const std::vector<std::int32_t> lengths{200704, 256, 2560, 10, 0x40000};
  std::vector<std::int32_t> starts{0};
  for (const std::int32_t length : lengths) starts.push_back(starts.back() + length);
  const int n = starts.back(), segments = static_cast<int>(lengths.size());
  Random random(1);
  const Guarded<std::int32_t> offsets(starts), signs(size(kernels::sign_words(n, segments)));
  const Guarded<float> a(random.normal(size(n))), b(random.normal(size(n)));
  return same_bits(repeats, segments + 1, n / 4096 + segments, [&](float* out) {
    run<&kernels::inverse_l1<float>>(segments, offsets.data(), n, 0.0, a.data(), b.data(), out, signs.data(),
                                     out + segments);
  });
}

std::string cross_entropy(int repeats, kernels::Rows s) {
  Random random(2);
  const Guarded<float> x(random.normal(size(s.rows * s.cols)));
  const Guarded<std::int32_t> labels(random.integers(size(s.rows), static_cast<std::int32_t>(s.cols)));
  const int rows = static_cast<int>(s.rows), outputs = static_cast<int>(1 + s.rows * s.cols);
  return same_bits(repeats, outputs, rows + rows / 4096 + 1,
                   [&](float* out) { run<&kernels::cross_entropy<float>>(s, x.data(), labels.data(), out, out + 1); });
}

std::string squares(int repeats) {
  const int n = 1'000'003;
  const Guarded<float> x(Random(3).normal(size(n)));
  return same_bits(repeats, 1, n / 4096 + 1, [&](float* out) { run<&kernels::sum_squares<float>>(n, x.data(), out); });
}

// A product whose depth is cut in `slices`, with `tiles` of the output, of so many elements each.
std::string product(int repeats, kernels::MatmulShape s, int tiles, int slices, int of_tile) {
  Random random(4);
  const Guarded<float> a(random.normal(size(s.m * s.k))), b(random.normal(size(s.k * s.n)));
  return same_bits(repeats, static_cast<int>(s.m * s.n), tiles * slices * of_tile, [&](float* out) {
    run<&kernels::matmul<float>>(s, a.data(), b.data(), Sink<float>{out, SinkMode::write});
  });
}

}  // namespace
}  // namespace wengert::gpu_check

int main(int count, char** arguments) {
  using namespace wengert::gpu_check;
  const std::optional<int> given = wengert::examples::parse_number<int>(count > 2 ? arguments[2] : "10000");
  if (!given || *given < 1) {
    std::cerr << "stress: '" << arguments[2] << "' is no number of repeats\n";
    return 2;
  }
  const int repeats = *given;
  const Session session;
  Findings findings(count > 1 ? arguments[1] : "/dev/null");
  findings.expect("similarity", [=] { return similarity(repeats); });
  findings.expect("cross-entropy, 9000 x 10", [=] { return cross_entropy(repeats, {9000, 10}); });
  findings.expect("cross-entropy, 5000 x 40", [=] { return cross_entropy(repeats, {5000, 40}); });
  findings.expect("cross-entropy, 300 x 1500", [=] { return cross_entropy(repeats, {300, 1500}); });
  findings.expect("sum of squares", [=] { return squares(repeats); });
  findings.expect("product in small tiles", [=] { return product(repeats, {60, 500, 70}, 3, 15, 64 * 32); });
  findings.expect("product in large tiles", [=] { return product(repeats, {100, 4000, 200}, 2, 15, 128 * 128); });
  return findings.conclude();
}
