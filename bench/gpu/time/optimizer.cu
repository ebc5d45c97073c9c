#include "kernels/ops/optimizer/optimizer.hpp"

#include "bench/gpu/timing.hpp"

namespace wengert::gpu_bench {
namespace {

void optimizers(Clock& clock, Results& results) {
  GpuStream& on = clock.on();
  const double rate = 1e-3;
  const std::int32_t step = 7;
  const auto lr = uploaded(std::vector<double>{rate});
  const auto t = uploaded(std::vector<std::int32_t>{step}), go = uploaded(std::vector<std::int32_t>{0});
  const kernels::AdamRule rule{0.9, 0.999, 1e-8, 0};
  const kernels::SgdRule plain{0, 0}, with_momentum{0.9, 0};
  struct Shape {
    const char* name;
    std::int64_t n;
  };
  for (const Shape& shape : {Shape{"100M (e1)", 100 * million}, Shape{"MNIST 203530 (e2)", 203530},
                             Shape{"640000 (e2: 10000 x 64)", 640000}}) {
    const std::int64_t n = shape.n;
    Floats g(n, 1), p(n, 2), m(n, 3), v(n, 4, 0, 1);
    std::vector<float> hg = g.download(), hp = p.download(), hm = m.download(), hv = v.download();
    const auto adam = [&](int) { run<&kernels::adam<float>>(on, rule, n, lr.data(), go.data(), t.data(), g, m, v, p); };
    const auto sgd = [&](int) { run<&kernels::sgd<float>>(on, plain, n, lr.data(), go.data(), g, nullptr, p); };
    const auto momentum = [&](int) { run<&kernels::sgd<float>>(on, with_momentum, n, lr.data(), go.data(), g, m, p); };
    adam(0);
    sgd(0);
    momentum(0);
    clock.wait();
    kernels::adam(cpu, rule, n, &rate, nullptr, &step, hg.data(), hm.data(), hv.data(), hp.data());
    kernels::sgd(cpu, plain, n, &rate, nullptr, hg.data(), static_cast<float*>(nullptr), hp.data());
    kernels::sgd(cpu, with_momentum, n, &rate, nullptr, hg.data(), hm.data(), hp.data());
    std::string wrong = differs(p.download(), hp);
    if (wrong.empty()) wrong = differs(m.download(), hm);
    const double bytes = 4.0 * static_cast<double>(n);
    const std::string name = shape.name;
    if (n > million) {
      results.add("wengert", "adam " + name, "cold", clock.call(adam), {7 * bytes}, wrong);
      results.add("wengert", "sgd " + name, "cold", clock.call(sgd), {3 * bytes}, wrong);
      results.add("wengert", "sgd with momentum " + name, "cold", clock.call(momentum), {5 * bytes}, wrong);
      for (const int blocks : {132 * 16, 132 * 256, 97657}) {
        const AtMost few(blocks, on);
        results.add("wengert", "adam " + name + ", " + std::to_string(blocks) + " blocks", "cold", clock.call(adam),
                    {7 * bytes}, wrong);
      }
    } else {
      results.add("wengert", "adam " + name, "node", clock.node(adam), {7 * bytes}, wrong);
      results.add("wengert", "sgd " + name, "node", clock.node(sgd), {3 * bytes}, wrong);
    }
  }
}

const Part part("optimizers", optimizers);

}  // namespace
}  // namespace wengert::gpu_bench
