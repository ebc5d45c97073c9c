#include "kernels/ops/elementwise/elementwise.hpp"

#include <type_traits>

#include "bench/gpu/timing.hpp"
#include "kernels/ops/elementwise/gpu_relu_mask.hpp"

namespace wengert::gpu_bench {
namespace {

template <class Op>
void elementwise(Clock& clock, Results& results, Op op, const std::string& name) {
  GpuStream& on = clock.on();
  const std::int64_t n = 1 << 26;
  const Floats x(n, 1, -4, 4), y(n), dy(n, 2), dx(n);
  const kernels::Sink<float> sink{dx, SinkMode::write};
  std::vector<float> host_x = x.download(), host_dy = dy.download(), host_y(size(n)), host_dx(size(n));
  kernels::unary(cpu, op, n, host_x.data(), host_y.data());
  kernels::unary_backward(cpu, op, n, host_y.data(), host_dy.data(),
                          kernels::Sink<float>{host_dx.data(), SinkMode::write});
  const auto forward = [&](int) { run<&kernels::unary<Op, float>>(on, op, n, x, y); };
  const auto backward = [&](int) { run<&kernels::unary_backward<Op, float>>(on, op, n, y, dy, sink); };
  forward(0);
  backward(0);
  clock.wait();
  const std::string wrong = differs(y.download(), host_y), wrong_dx = differs(dx.download(), host_dx);
  const double bytes = 4.0 * static_cast<double>(n);
  results.add("wengert", name + " forward 2^26 (b1)", "cold", clock.call(forward), {2 * bytes}, wrong);
  results.add("wengert", name + " backward 2^26", "cold", clock.call(backward), {3 * bytes}, wrong_dx);
  if constexpr (std::is_same_v<Op, kernels::Relu>) {
    simt::Array<std::uint32_t> mask(size(kernels::gpu::relu_mask_words(n)));
    const auto with_mask = [&](int) { kernels::gpu::relu_with_mask(on, n, x, y, mask.data()); };
    const auto from_mask = [&](int) { kernels::gpu::relu_backward_from_mask(on, n, mask.data(), dy, sink); };
    erase(dx, n);
    with_mask(0);
    from_mask(0);
    clock.wait();
    const std::string wrong_mask = differs(y.download(), host_y), wrong_from_mask = differs(dx.download(), host_dx);
    const Work least{(2 + 1.0 / 32) * bytes};
    results.add("wengert", "relu forward with mask 2^26", "cold", clock.call(with_mask), least, wrong_mask);
    results.add("wengert", "relu backward from mask 2^26 (b2)", "cold", clock.call(from_mask), least, wrong_from_mask);
  }
}

const Part relu("relu", [](Clock& clock, Results& results) { elementwise(clock, results, kernels::Relu{}, "relu"); });
const Part sigmoid("sigmoid",
                   [](Clock& clock, Results& results) { elementwise(clock, results, kernels::Sigmoid{}, "sigmoid"); });

}  // namespace
}  // namespace wengert::gpu_bench
