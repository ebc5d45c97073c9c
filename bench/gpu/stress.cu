// stress JSON [repeats]: the protocol by which the last block of a grid adds up what the others left in memory. Many
// repeats on grids of several sizes, with outputs and scratch full of NaN before each: all must give the same bits.
#include "bench/gpu/trial.hpp"
#include "kernels/gpu/cross_entropy.hpp"
#include "kernels/gpu/inverse_l1.hpp"
#include "kernels/gpu/optimizer.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::gpu::On;

__global__ void poison(int n, float* x) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) x[i] = nanf("");
}

__global__ void compare(int n, const float* got, const float* wanted, unsigned* wrong) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n && __float_as_uint(got[i]) != __float_as_uint(wanted[i])) atomicAdd(wrong, 1u);
}

// run(on, out, scratch) leaves `outputs` floats in out.
template <class Run>
std::string same_bits(int repeats, int outputs, int scratch_size, const Run& run) {
  const auto size = static_cast<std::size_t>(outputs);
  Guarded<float> first(size), out(size), scratch(static_cast<std::size_t>(scratch_size));
  Guarded<unsigned> wrong(std::vector<unsigned>{0});
  const auto blocks = [](int n) { return simt::Launch{static_cast<unsigned>((n + 255) / 256), 256}; };
  run(On{}, first.data(), scratch.data());
  for (const float value : first.get()) {
    if (!std::isfinite(value)) return "a result is not finite";
  }
  for (const int max_blocks : {1, 2, 7, 61, 0}) {
    for (int i = 0; i < repeats; ++i) {
      simt::launch<poison>(blocks(outputs), outputs, out.data());
      simt::launch<poison>(blocks(scratch_size), scratch_size, scratch.data());
      run(On{{}, max_blocks}, out.data(), scratch.data());
      simt::launch<compare>(blocks(outputs), outputs, static_cast<const float*>(out.data()),
                            static_cast<const float*>(first.data()), wrong.data());
    }
    if (const unsigned count = wrong.get()[0]; count > 0)
      return std::to_string(count) + " of " + std::to_string(std::int64_t{repeats} * outputs) +
             " numbers had other bits; at most " + std::to_string(max_blocks) + " blocks (0: as many as suit)";
  }
  return {};
}

std::string similarity(int repeats) {
  const std::vector<std::int32_t> lengths{200704, 256, 2560, 10, 0x40000};
  std::vector<std::int32_t> starts{0};
  for (const std::int32_t length : lengths) starts.push_back(starts.back() + length);
  const int n = starts.back(), segments = static_cast<int>(lengths.size());
  Random random(1);
  Guarded<std::int32_t> offsets(starts), signs(static_cast<std::size_t>(kernels::sign_words(n, segments)));
  Guarded<float> a(random.normal(static_cast<std::size_t>(n))), b(random.normal(static_cast<std::size_t>(n)));
  Guarded<unsigned> ticket(std::vector<unsigned>{0});
  const int scratch = static_cast<int>(kernels::gpu::inverse_l1_scratch(n, segments));
  return same_bits(repeats, segments + 1, scratch, [&](On on, float* out, float* sums) {
    kernels::gpu::inverse_l1(on, segments, offsets.data(), n, 0, a.data(), b.data(), out, signs.data(), out + segments,
                             sums, ticket.data());
  });
}

std::string cross_entropy(int repeats, kernels::Rows s) {
  const auto n = static_cast<std::size_t>(s.rows * s.cols), rows = static_cast<std::size_t>(s.rows);
  Random random(2);
  Guarded<float> x(random.normal(n)), dloss(std::vector<float>{1});
  Guarded<std::int32_t> labels(random.integers(rows, static_cast<std::int32_t>(s.cols))), bad_row(1);
  Guarded<unsigned> tickets(
      std::vector<unsigned>(static_cast<std::size_t>(kernels::gpu::cross_entropy_tickets(s.rows)), 0));
  const int scratch = static_cast<int>(kernels::gpu::cross_entropy_scratch(s.rows));
  const int outputs = static_cast<int>(1 + rows + n);
  return same_bits(repeats, outputs, scratch, [&](On on, float* out, float* sums) {
    kernels::gpu::cross_entropy(on, s, x.data(), labels.data(), dloss.data(), out + 1, out,
                                {out + 1 + rows, SinkMode::write}, bad_row.data(), sums, tickets.data());
  });
}

std::string squares(int repeats) {
  const int n = 1'000'003;
  Random random(3);
  Guarded<float> x(random.normal(static_cast<std::size_t>(n)));
  Guarded<unsigned> ticket(std::vector<unsigned>{0});
  return same_bits(repeats, 1, n / 4096 + 1, [&](On on, float* out, float* sums) {
    kernels::gpu::sum_squares(on, n, x.data(), out, sums, ticket.data());
  });
}

}  // namespace
}  // namespace wengert::gpu_check

int main(int count, char** arguments) {
  using namespace wengert::gpu_check;
  const int repeats = count > 2 ? std::stoi(arguments[2]) : 10000;
  Findings findings;
  findings.expect("similarity", [=] { return similarity(repeats); });
  findings.expect("cross-entropy, 9000 x 10", [=] { return cross_entropy(repeats, {9000, 10}); });
  findings.expect("cross-entropy, 5000 x 40", [=] { return cross_entropy(repeats, {5000, 40}); });
  findings.expect("cross-entropy, 300 x 1500", [=] { return cross_entropy(repeats, {300, 1500}); });
  findings.expect("sum of squares", [=] { return squares(repeats); });
  return findings.write(count > 1 ? arguments[1] : "/dev/null");
}
