#include "kernels/ops/matmul/matmul.hpp"

#include "bench/gpu/test/products.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::MatmulShape;

std::string product(MatmulShape s, std::size_t shift, bool integers, SinkMode mode) {
  Random random(static_cast<unsigned>(s.m + s.n));
  const std::vector<float> a = draw(random, s.m * s.k, integers), b = draw(random, s.k * s.n, integers),
                           before(size(s.m * s.n), mode == SinkMode::add ? 1.0f : 77.0f);
  const Guarded<float> gpu_a(a, shift), gpu_b(b, shift), gpu_c(before, shift);
  std::vector<double> c(before.size(), mode == SinkMode::add ? 1 : 0);
  add_product(s, a, b, c);
  run<&kernels::matmul<float>>(s, gpu_a.data(), gpu_b.data(), Sink<float>{gpu_c.data(), mode});
  return testing::difference(wide(gpu_c.get()), c, closeness(integers));
}

std::string left_alone() {
  const std::vector<float> before(4, 77.0f);
  const Guarded<float> a(std::vector<float>(4, 1.0f)), c(before);
  run<&kernels::matmul<float>>(MatmulShape{2, 2, 2}, a.data(), a.data(), Sink<float>{c.data(), SinkMode::ignore});
  return other_bits(c.get(), before);
}

std::string nothing_to_add_up(MatmulShape s) {
  const std::vector<float> zeros(size(s.m * s.n), 0.0f);
  const Guarded<float> nothing(0), c(std::vector<float>(zeros.size(), 77.0f));
  run<&kernels::matmul<float>>(s, nothing.data(), nothing.data(), Sink<float>{c.data(), SinkMode::write});
  return other_bits(c.get(), zeros);
}

std::string name_of(MatmulShape s) {
  return "matmul " + std::to_string(s.m) + " x " + std::to_string(s.k) + " x " + std::to_string(s.n) +
         (s.transpose_a ? ", A transposed" : "") + (s.transpose_b ? ", B transposed" : "");
}

const Suite suite([](Findings& findings, bool quick) {
  findings.expect("matmul, ignored", left_alone);
  findings.expect("matmul, k = 0, small", [] { return nothing_to_add_up({5, 0, 3}); });
  findings.expect("matmul, k = 0, large", [] { return nothing_to_add_up({1024, 0, 1024}); });
  for (MatmulShape s : {MatmulShape{1, 1, 1},
                        {3, 2, 5},
                        {65, 100, 33},
                        {7, 2100, 9},
                        {130, 17, 129},
                        {256, 128, 256},
                        {64, 4096, 128},
                        {1030, 33, 1025},
                        {1024, 264, 1152},
                        {4'500'000, 3, 2},
                        {2, 3, 4'500'000}}) {
    if (quick && s.m * s.k * s.n > 1'000'000) continue;
    for (const int transposes : {0, 1, 2, 3}) {
      s.transpose_a = transposes % 2 == 1;
      s.transpose_b = transposes / 2 == 1;
      for (const std::size_t shift : {0, 1}) {
        const std::string where = name_of(s) + ", shift " + std::to_string(shift);
        findings.expect(where, [&] { return product(s, shift, false, SinkMode::write); });
        findings.expect(where + ", integers, added", [&] { return product(s, shift, true, SinkMode::add); });
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
