#include "kernels/ops/elementwise/elementwise.hpp"

#include <limits>
#include <type_traits>

#include "bench/gpu/test/trial.hpp"
#include "kernels/ops/elementwise/gpu_relu_mask.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using namespace kernels;

// Numbers of all sizes, zeros of both signs and a NaN.
std::vector<float> arguments(std::int64_t n) {
  std::vector<float> x = Random(static_cast<unsigned>(n)).normal(size(n), 20);
  for (std::size_t i = 0; i < x.size(); i += 5) x[i] = i % 2 == 0 ? 0.0f : -0.0f;
  if (n > 2) x[2] = std::numeric_limits<float>::quiet_NaN();
  return x;
}

template <class Op>
std::string same_bits(Op op, std::int64_t n, std::size_t shift) {
  const std::vector<float> x = arguments(n), dy = Random(1).normal(size(n)), before(size(n), 0.25f);
  std::vector<float> y(size(n));
  kernels::unary(cpu, op, n, x.data(), y.data());
  const Guarded<float> gpu_x(x, shift), gpu_y(size(n), shift), gpu_dy(dy, shift);
  run<&kernels::unary<Op, float>>(op, n, gpu_x.data(), gpu_y.data());
  if (const std::string wrong = other_bits(gpu_y.get(), y); !wrong.empty()) return "y: " + wrong;

  const auto saved = [](const auto& input, const auto& result) -> const float* {
    return Op::saves == Saves::nothing ? nullptr : Op::saves == Saves::input ? input.data() : result.data();
  };
  for (const SinkMode mode : {SinkMode::write, SinkMode::add, SinkMode::ignore}) {
    std::vector<float> dx = before;
    kernels::unary_backward(cpu, op, n, saved(x, y), dy.data(), Sink<float>{dx.data(), mode});
    const Guarded<float> gpu_dx(before, shift);
    run<&kernels::unary_backward<Op, float>>(op, n, saved(gpu_x, gpu_y), gpu_dy.data(),
                                             Sink<float>{gpu_dx.data(), mode});
    if (const std::string wrong = other_bits(gpu_dx.get(), dx); !wrong.empty())
      return "dx, mode " + std::to_string(static_cast<int>(mode)) + ": " + wrong;
  }
  return {};
}

template <class Op>
std::string same_integers(Op op, std::int64_t n, std::size_t shift) {
  const std::vector<std::int32_t> x = Random(2).integers(size(n), std::numeric_limits<std::int32_t>::max());
  std::vector<std::int32_t> y(size(n));
  kernels::unary(cpu, op, n, x.data(), y.data());
  const Guarded<std::int32_t> gpu_x(x, shift), gpu_y(size(n), shift);
  run<&kernels::unary<Op, std::int32_t>>(op, n, gpu_x.data(), gpu_y.data());
  return other_bits(gpu_y.get(), y);
}

// A power that is no product or root has the device's bits.
std::string power(std::int64_t n) {
  const std::vector<float> x = Random(3).uniform(size(n), 0.1f, 4), dy = Random(4).normal(size(n));
  const std::vector<double> x2 = wide(x), dy2 = wide(dy);
  std::vector<double> y(size(n)), dx(size(n));
  const Pow op{1.7};
  kernels::unary(cpu, op, n, x2.data(), y.data());
  kernels::unary_backward(cpu, op, n, x2.data(), dy2.data(), Sink<double>{dx.data(), SinkMode::write});
  const Guarded<float> gpu_x(x), gpu_dy(dy), gpu_y(size(n)), gpu_dx(size(n));
  run<&kernels::unary<Pow, float>>(op, n, gpu_x.data(), gpu_y.data());
  run<&kernels::unary_backward<Pow, float>>(op, n, gpu_x.data(), gpu_dy.data(),
                                            Sink<float>{gpu_dx.data(), SinkMode::write});
  return first_of({{"y", testing::difference(wide(gpu_y.get()), y, 1e-6)},
                   {"dx", testing::difference(wide(gpu_dx.get()), dx, 1e-6)}});
}

std::string mask(std::int64_t n, std::size_t shift, SinkMode mode) {
  const std::vector<float> x = arguments(n), dy = Random(1).normal(size(n)), before(size(n), 0.25f);
  std::vector<float> y(size(n)), dx = before;
  kernels::unary(cpu, Relu{}, n, x.data(), y.data());
  kernels::unary_backward(cpu, Relu{}, n, y.data(), dy.data(), Sink<float>{dx.data(), mode});
  const Guarded<std::uint32_t> bits(size(gpu::relu_mask_words(n)));
  const Guarded<float> gpu_x(x, shift), gpu_y(size(n), shift), gpu_dy(dy, shift), gpu_dx(before, shift);
  gpu::relu_with_mask(on(), n, gpu_x.data(), gpu_y.data(), bits.data());
  gpu::relu_backward_from_mask(on(), n, bits.data(), gpu_dy.data(), {gpu_dx.data(), mode});
  return first_of({{"y", other_bits(gpu_y.get(), y)}, {"dx", other_bits(gpu_dx.get(), dx)}});
}

template <class Op>
Op op_under_test() {
  if constexpr (std::is_same_v<Op, Pow>) return Op{3};  // a product, which has the same bits everywhere
  if constexpr (requires(Op op) { op.number; }) return Op{2.5};
  return Op{};
}

void all_ops(Findings& findings, const std::string& where, std::int64_t n, std::size_t shift) {
  for_each_type(UnaryOps{} + NumberOps{}, [&]<class Op>(Types<Op>) {
    const Op op = op_under_test<Op>();
    findings.expect(Op::name + where, [&] { return same_bits(op, n, shift); });
    if constexpr (AlsoInteger<Op>)
      findings.expect(std::string(Op::name) + " of integers" + where, [&] { return same_integers(op, n, shift); });
  });
}

const Suite suite([](Findings& findings, bool quick) {
  findings.expect("pow with exponent 1.7", [] { return power(10'000); });
  for (const std::int64_t n : {0, 1, 7, 31, 32, 33, 127, 128, 1000, 1023, 1024, 4096, 4097, 8192, 1'000'003}) {
    if (quick && n > 10000) continue;
    for (const std::size_t shift : {0, 1, 2, 3}) {
      const std::string where = " of " + std::to_string(n) + ", shift " + std::to_string(shift);
      all_ops(findings, where, n, shift);
      for (const SinkMode mode : {SinkMode::write, SinkMode::add, SinkMode::ignore}) {
        findings.expect("relu with a mask" + where + ", mode " + std::to_string(static_cast<int>(mode)),
                        [&] { return mask(n, shift, mode); });
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
