#include <algorithm>
#include <bit>
#include <limits>

#include "bench/gpu/test/products.hpp"
#include "kernels/ops/matmul/gpu_linear.hpp"
#include "kernels/ops/matmul/gpu_product.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::MatmulShape;
using kernels::gpu::Terms;

// To nearest, ties away from zero: half of the last bit that stays is added, and what is behind it goes.
float rounded(float x) { return std::bit_cast<float>((std::bit_cast<std::uint32_t>(x) + 0x1000u) & 0xffffe000u); }

// Against float64: of the rounded operands, where the kernel rounds them; of the operands themselves for 3xTF32. Either as
// close as float32, and exactly if all numbers are small integers.
std::string product(MatmulShape s, Terms terms, std::size_t shift, bool integers, SinkMode mode) {
  Random random(static_cast<unsigned>(s.m + s.n));
  const std::vector<float> a = draw(random, s.m * s.k, integers), b = draw(random, s.k * s.n, integers),
                           before(size(s.m * s.n), mode == SinkMode::add ? 1.0f : 77.0f);
  const Guarded<float> gpu_a(a, shift), gpu_b(b, shift), gpu_c(before, shift);
  std::vector<float> multiplied_a = a, multiplied_b = b;
  if (terms == Terms::one) {
    for (float& x : multiplied_a) x = rounded(x);
    for (float& x : multiplied_b) x = rounded(x);
  }
  std::vector<double> c(before.size(), mode == SinkMode::add ? 1 : 0);
  add_product(s, multiplied_a, multiplied_b, c);
  kernels::gpu::tf32_product(on(), s, terms, gpu_a.data(), gpu_b.data(), Sink<float>{gpu_c.data(), mode});
  return testing::difference(wide(gpu_c.get()), c, closeness(integers));
}

// Bias, ReLU and its mask.
std::string finished(MatmulShape s, Terms terms, std::size_t shift) {
  Random random(static_cast<unsigned>(s.n));
  const std::vector<float> a = draw(random, s.m * s.k, true), b = draw(random, s.k * s.n, true),
                           bias = draw(random, s.n, true);
  const Guarded<float> gpu_a(a, shift), gpu_b(b, shift), gpu_bias(bias, shift), gpu_c(size(s.m * s.n), shift);
  const Guarded<std::uint8_t> mask(size(kernels::gpu::relu_mask_bytes(s.m, s.n)));
  std::vector<double> c(gpu_c.size());
  add_product(s, a, b, c);
  kernels::gpu::tf32_product(on(), s, terms, gpu_a.data(), gpu_b.data(), Sink<float>{gpu_c.data(), SinkMode::write},
                             {gpu_bias.data(), true, mask.data()});
  const std::vector<std::uint8_t> bits = mask.get();
  for (std::size_t i = 0; i < c.size(); ++i) {
    const std::size_t n = i % size(s.n);
    c[i] = std::max(c[i] + static_cast<double>(bias[n]), 0.0);
    if ((bits[i / size(s.n) * size((s.n + 7) / 8) + n / 8] >> n % 8 & 1) != (c[i] > 0))
      return "element " + std::to_string(i) + " has the wrong bit in the mask";
  }
  return testing::mismatch(wide(gpu_c.get()), c, 0);
}

// What mma takes for numbers is not only finite ones.
std::string not_finite(Terms terms) {
  constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const Guarded<float> a(std::vector<float>{inf, nan, 1, -inf}), b(std::vector<float>{1}), c(4);
  kernels::gpu::tf32_product(on(), {4, 1, 1}, terms, a.data(), b.data(), Sink<float>{c.data(), SinkMode::write});
  const float infinite = terms == Terms::one ? inf : nan;
  return other_bits(c.get(), {infinite, nan, 1, -infinite});
}

std::string name_of(MatmulShape s, Terms terms) {
  return (terms == Terms::one ? "tf32 " : "3xtf32 ") + std::to_string(s.m) + " x " + std::to_string(s.k) + " x " +
         std::to_string(s.n) + (s.transpose_a ? ", A transposed" : "") + (s.transpose_b ? ", B transposed" : "");
}

// The stream's choice reaches the kernels.
std::string by_choice(Products by, Terms terms) {
  const MatmulShape s{1030, 33, 1025, false, true};
  Random random(1);
  const std::vector<float> a = draw(random, s.m * s.k, false), b = draw(random, s.k * s.n, false);
  const Guarded<float> gpu_a(a), gpu_b(b), chosen(size(s.m * s.n)), wanted(size(s.m * s.n));
  kernels::gpu::tf32_product(on(), s, terms, gpu_a.data(), gpu_b.data(), Sink<float>{wanted.data(), SinkMode::write});
  on().use(by);
  run<&kernels::matmul<float>>(s, gpu_a.data(), gpu_b.data(), Sink<float>{chosen.data(), SinkMode::write});
  on().use(Products::own);
  return other_bits(chosen.get(), wanted.get());
}

const Suite suite([](Findings& findings, bool quick) {
  for (const Terms terms : {Terms::one, Terms::three}) {
    findings.expect(name_of({4, 1, 1}, terms) + ", not finite", [&] { return not_finite(terms); });
    for (MatmulShape s : {MatmulShape{1, 1, 1},
                          {65, 100, 33},
                          {130, 17, 129},
                          {7, 800, 12},
                          {128, 64, 256},
                          {140, 33, 270},
                          {512, 1024, 512},
                          {1030, 33, 1025},
                          {1024, 264, 1152}}) {
      if (quick && s.m * s.k * s.n > 2'500'000) continue;
      for (const int transposes : {0, 1, 2, 3}) {
        s.transpose_a = transposes % 2 == 1;
        s.transpose_b = transposes / 2 == 1;
        for (const std::size_t shift : {0, 1}) {
          const std::string where = name_of(s, terms) + ", shift " + std::to_string(shift);
          findings.expect(where, [&] { return product(s, terms, shift, false, SinkMode::write); });
          if (transposes == 2) findings.expect(where + ", relu", [&] { return finished(s, terms, shift); });
          findings.expect(where + ", integers, added", [&] { return product(s, terms, shift, true, SinkMode::add); });
        }
      }
    }
  }
  if (quick) return;
  findings.expect("products by tf32", [] { return by_choice(Products::tf32, Terms::one); });
  findings.expect("products by 3xtf32", [] { return by_choice(Products::three_tf32, Terms::three); });
});

}  // namespace
}  // namespace wengert::gpu_check
