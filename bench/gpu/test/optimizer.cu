#include "kernels/ops/optimizer/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/gpu/test/trial.hpp"
#include "kernels/ops/elementwise/scale.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::AdamRule;
using kernels::SgdRule;

// Three steps of each optimiser. Some moments are about to leave the normal numbers.
std::string steps(std::int64_t n, std::size_t shift, double decay) {
  Random random(static_cast<unsigned>(n));
  std::vector<float> g = random.normal(size(n)), p = random.normal(size(n)), m(size(n)), v(size(n)), w = p,
                     momentum(size(n));
  for (std::size_t i = 3; i < size(n); i += 7) g[i] = 0, m[i] = momentum[i] = 1.2f * std::numeric_limits<float>::min();
  const double lr = 0.01;
  const std::int32_t go = 0;
  std::int32_t t = 0;
  const AdamRule adam{0.9, 0.999, 1e-8, decay};
  const SgdRule with_momentum{0.9, decay}, plain{0, decay};
  const Guarded<float> gg(g, shift), gp(p, shift), gm(m, shift), gv(v, shift), gw(p, shift), gmomentum(momentum, shift);
  const Guarded<double> glr(std::vector<double>{lr});
  const Guarded<std::int32_t> ggo(std::vector<std::int32_t>{go}), gt(std::vector<std::int32_t>{t});
  for (int step = 0; step < 3; ++step) {
    kernels::count_step(cpu, 1, &go, &t);
    kernels::adam(cpu, adam, n, &lr, &go, &t, g.data(), m.data(), v.data(), p.data());
    kernels::sgd(cpu, with_momentum, n, &lr, &go, g.data(), momentum.data(), w.data());
    kernels::sgd(cpu, plain, n, &lr, nullptr, g.data(), static_cast<float*>(nullptr), w.data());
    run<&kernels::count_step>(1, ggo.data(), gt.data());
    run<&kernels::adam<float>>(adam, n, glr.data(), ggo.data(), gt.data(), gg.data(), gm.data(), gv.data(), gp.data());
    run<&kernels::sgd<float>>(with_momentum, n, glr.data(), ggo.data(), gg.data(), gmomentum.data(), gw.data());
    run<&kernels::sgd<float>>(plain, n, glr.data(), nullptr, gg.data(), nullptr, gw.data());
  }
  return first_of({{"adam's p", other_bits(gp.get(), p)},
                   {"adam's m", other_bits(gm.get(), m)},
                   {"adam's v", other_bits(gv.get(), v)},
                   {"sgd's p", other_bits(gw.get(), w)},
                   {"sgd's v", other_bits(gmomentum.get(), momentum)}});
}

std::string stopped() {
  const Guarded<float> g(std::vector<float>{1}), m(std::vector<float>{2}), v(std::vector<float>{3}),
      p(std::vector<float>{4});
  const Guarded<double> lr(std::vector<double>{0.1});
  const Guarded<std::int32_t> stop(std::vector<std::int32_t>{1}), t(std::vector<std::int32_t>{5});
  run<&kernels::count_step>(1, stop.data(), t.data());
  run<&kernels::adam<float>>(AdamRule{0.9, 0.999, 1e-8, 0}, 1, lr.data(), stop.data(), t.data(), g.data(), m.data(),
                             v.data(), p.data());
  run<&kernels::sgd<float>>(SgdRule{0.9, 0}, 1, lr.data(), stop.data(), g.data(), v.data(), p.data());
  return first_of({{"t", other_bits(t.get(), {5})},
                   {"m", other_bits(m.get(), {2.0f})},
                   {"v", other_bits(v.get(), {3.0f})},
                   {"p", other_bits(p.get(), {4.0f})}});
}

// The gradients' norm, and clipping to `part` of it.
std::string clipped(std::int64_t n, std::size_t shift, float part) {
  std::vector<float> g = Random(static_cast<unsigned>(n)).normal(size(n)), sums(2, 0.25f), norm(1), factor(1);
  kernels::sum_squares(cpu, n, g.data(), sums.data());
  const Guarded<float> gg(g, shift), gsums(sums), gnorm(1), gfactor(1);
  const double most = static_cast<double>(part * std::sqrt(sums[0]));
  kernels::clip_factor(cpu, 2, sums.data(), most, norm.data(), factor.data());
  kernels::scale(cpu, n, factor.data(), g.data(), kernels::written(g.data()));
  run<&kernels::sum_squares<float>>(n, gg.data(), gsums.data());
  run<&kernels::clip_factor<float>>(2, gsums.data(), most, gnorm.data(), gfactor.data());
  run<&kernels::scale<float>>(n, gfactor.data(), gg.data(), kernels::written(gg.data()));
  return first_of({{"squares", other_bits(gsums.get(), sums)},
                   {"norm", other_bits(gnorm.get(), norm)},
                   {"factor", other_bits(gfactor.get(), factor)},
                   {"g", other_bits(gg.get(), g)}});
}

std::string nonfinite(std::int64_t n, std::size_t shift) {
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> finite = Random(static_cast<unsigned>(n)).normal(size(n), 1e38f);
  const auto flag_after = [&](const std::vector<float>& x, std::int32_t before) {
    const Guarded<float> gx(x, shift);
    const Guarded<std::int32_t> flag(std::vector<std::int32_t>{before});
    run<&kernels::flag_nonfinite<float>>(n, gx.data(), flag.data());
    return flag.get()[0];
  };
  std::vector<float> x = finite;
  for (float& value : x) value = std::min(std::max(value, -3e38f), 3e38f);
  if (flag_after(x, 0) != 0) return "finite numbers were flagged";
  if (flag_after(x, 7) != 7) return "the flag did not stay as it was";
  for (const float value : {inf, -inf, nan}) {
    for (const std::int64_t i : {std::int64_t{0}, n / 2, n - 1}) {
      std::vector<float> bad = x;
      bad[size(i)] = value;
      if (flag_after(bad, 0) != 1) return std::to_string(value) + " at " + std::to_string(i) + " was not flagged";
    }
  }
  return {};
}

const Suite suite([](Findings& findings, bool quick) {
  findings.expect("optimizers, stopped", stopped);
  for (const std::int64_t n : {1, 3, 4, 17, 128, 1000, 4099, 203530, 5'000'001}) {
    if (quick && n > 10000) continue;
    for (const std::size_t shift : {0, 1, 2}) {
      const std::string where = " of " + std::to_string(n) + ", shift " + std::to_string(shift);
      findings.expect("optimizers" + where, [&] { return steps(n, shift, 0); });
      findings.expect("optimizers with decay" + where, [&] { return steps(n, shift, 0.1); });
      findings.expect("clipping to half" + where, [&] { return clipped(n, shift, 0.5f); });
      findings.expect("clipping to twice" + where, [&] { return clipped(n, shift, 2.0f); });
      findings.expect("flag_nonfinite" + where, [&] { return nonfinite(n, shift); });
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
