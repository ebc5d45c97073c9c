#include "kernels/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/gpu/test/trial.hpp"
#include "kernels/gpu/cross_entropy.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::Rows;
using testing::difference;

// Logits and both kinds of target.
struct Problem {
  Problem(Rows shape, std::size_t shift)
      : s(shape), random(static_cast<unsigned>(n() + shift)), gpu_x(x, shift), gpu_p(p, shift), gpu_labels(labels) {}
  std::size_t n() const { return size(s.rows * s.cols); }
  std::size_t rows() const { return size(s.rows); }

  Rows s;
  Random random;
  std::vector<float> x = random.normal(n(), 3), p = random.uniform(n(), 0, 1), dloss{1.5f};
  std::vector<std::int32_t> labels = random.integers(rows(), static_cast<std::int32_t>(s.cols));
  Guarded<float> gpu_x, gpu_p, gpu_dloss{dloss};
  Guarded<std::int32_t> gpu_labels;
};

// Both the loss and its gradient are differences, and may be far smaller than what they are differences of.
std::string close(std::vector<double> got, std::vector<double> wanted, double of, double tolerance) {
  got.push_back(of);
  wanted.push_back(of);
  return difference(got, wanted, tolerance);
}

// Value and gradient in one launch, against float64.
template <bool Soft>
std::string fused(Rows s, std::size_t shift, SinkMode mode) {
  const Problem problem(s, shift);
  const std::vector<float> before(problem.n(), 1e-3f);
  const std::vector<double> x = wide(problem.x), p = wide(problem.p), dloss = wide(problem.dloss);
  std::vector<double> lse(problem.rows()), mass(problem.rows()), loss(1), dx = wide(before);
  const Sink<double> sink{dx.data(), mode};
  if constexpr (Soft) {
    kernels::soft_cross_entropy(cpu, s, x.data(), p.data(), lse.data(), mass.data(), loss.data());
    kernels::soft_cross_entropy_backward(cpu, s, x.data(), p.data(), lse.data(), mass.data(), dloss.data(), sink);
  } else {
    kernels::cross_entropy(cpu, s, x.data(), problem.labels.data(), lse.data(), loss.data());
    kernels::cross_entropy_backward(cpu, s, x.data(), problem.labels.data(), lse.data(), dloss.data(), sink);
  }
  const Guarded<float> gpu_dx(before, shift), gpu_lse(problem.rows()), gpu_mass(problem.rows()), gpu_loss(1);
  const Sink<float> gpu_sink{gpu_dx.data(), mode};
  if constexpr (Soft) {
    kernels::gpu::soft_cross_entropy_with_gradient(on(), s, problem.gpu_x.data(), problem.gpu_p.data(),
                                                   problem.gpu_dloss.data(), gpu_lse.data(), gpu_mass.data(),
                                                   gpu_loss.data(), gpu_sink);
  } else {
    kernels::gpu::cross_entropy_with_gradient(on(), s, problem.gpu_x.data(), problem.gpu_labels.data(),
                                              problem.gpu_dloss.data(), gpu_lse.data(), gpu_loss.data(), gpu_sink);
  }
  return first_of({{"lse", difference(wide(gpu_lse.get()), lse, 2e-6)},
                   {"mass", Soft ? difference(wide(gpu_mass.get()), mass, 2e-6) : ""},
                   {"loss", close(wide(gpu_loss.get()), loss, *std::max_element(lse.begin(), lse.end()), 3e-6)},
                   {"dx", close(wide(gpu_dx.get()), dx, dloss[0] / static_cast<double>(s.rows), 5e-6)}});
}

// The loss alone, with the fused kernel's bits; and the gradient alone, with the CPU's, given the same lse.
template <bool Soft>
std::string apart(Rows s, std::size_t shift, SinkMode mode) {
  const Problem problem(s, shift);
  const float* const x = problem.gpu_x.data();
  const Guarded<float> lse(problem.rows()), mass(problem.rows()), loss(1), lse2(problem.rows()), mass2(problem.rows()),
      loss2(1);
  const std::vector<float> before(problem.n(), 1e-3f);
  const Guarded<float> gpu_dx(before, shift);
  const Sink<float> ignored{nullptr, SinkMode::ignore}, gpu_sink{gpu_dx.data(), mode};
  std::vector<float> dx = before;
  const Sink<float> sink{dx.data(), mode};
  if constexpr (Soft) {
    kernels::gpu::soft_cross_entropy_with_gradient(on(), s, x, problem.gpu_p.data(), nullptr, lse.data(), mass.data(),
                                                   loss.data(), ignored);
    run<&kernels::soft_cross_entropy<float>>(s, x, problem.gpu_p.data(), lse2.data(), mass2.data(), loss2.data());
    run<&kernels::soft_cross_entropy_backward<float>>(s, x, problem.gpu_p.data(), lse.data(), mass.data(),
                                                      problem.gpu_dloss.data(), gpu_sink);
    kernels::soft_cross_entropy_backward(cpu, s, problem.x.data(), problem.p.data(), lse.get().data(),
                                         mass.get().data(), problem.dloss.data(), sink);
  } else {
    kernels::gpu::cross_entropy_with_gradient(on(), s, x, problem.gpu_labels.data(), nullptr, lse.data(), loss.data(),
                                              ignored);
    run<&kernels::cross_entropy<float>>(s, x, problem.gpu_labels.data(), lse2.data(), loss2.data());
    run<&kernels::cross_entropy_backward<float>>(s, x, problem.gpu_labels.data(), lse.data(), problem.gpu_dloss.data(),
                                                 gpu_sink);
    kernels::cross_entropy_backward(cpu, s, problem.x.data(), problem.labels.data(), lse.get().data(),
                                    problem.dloss.data(), sink);
  }
  return first_of({{"lse", other_bits(lse2.get(), lse.get())},
                   {"mass", Soft ? other_bits(mass2.get(), mass.get()) : ""},
                   {"loss", other_bits(loss2.get(), loss.get())},
                   {"dx", other_bits(gpu_dx.get(), dx)}});
}

// The first bad row, which the stream then forgets.
std::int32_t bad_row() {
  const std::int32_t row = download(on().bad_row(), 1)[0];
  upload(on().bad_row(), std::vector<std::int32_t>{GpuStream::no_row});
  return row;
}

std::string wrong_label() {
  const Rows s{4, 2};
  const Guarded<float> x(std::vector<float>(8, 0.5f)), dloss(std::vector<float>{1}), lse(4), loss(1), dx(8);
  const Guarded<std::int32_t> labels(std::vector<std::int32_t>{0, 2, 1, -1});
  if (bad_row() != GpuStream::no_row) return "a row is said to be bad before there is one";
  run<&kernels::cross_entropy<float>>(s, x.data(), labels.data(), lse.data(), loss.data());
  if (const auto row = bad_row(); row != 1) return "forward: the bad row is said to be " + std::to_string(row);
  run<&kernels::cross_entropy_backward<float>>(s, x.data(), labels.data(), lse.data(), dloss.data(),
                                               Sink<float>{dx.data(), SinkMode::write});
  if (const auto row = bad_row(); row != 1) return "backward: the bad row is said to be " + std::to_string(row);
  if (!std::isnan(loss.get()[0])) return "the loss is not NaN";
  for (std::size_t i = 0; i < 8; ++i) {
    const bool bad = i / 2 == 1 || i / 2 == 3;
    if (std::isnan(dx.get()[i]) != bad) return "element " + std::to_string(i) + " of dx is " + (bad ? "no NaN" : "NaN");
  }
  return {};
}

std::string huge_logits() {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> x{1e30f, -1e30f, 0, -inf, 2, 1}, p{1, 0, 0, 0, 0.5f, 0.5f};
  const Guarded<float> gpu_x(x), gpu_p(p), dloss(std::vector<float>{1}), lse(2), mass(2), loss(1), dx(6);
  run<&kernels::soft_cross_entropy<float>>(Rows{2, 3}, gpu_x.data(), gpu_p.data(), lse.data(), mass.data(),
                                           loss.data());
  run<&kernels::soft_cross_entropy_backward<float>>(Rows{2, 3}, gpu_x.data(), gpu_p.data(), lse.data(), mass.data(),
                                                    dloss.data(), Sink<float>{dx.data(), SinkMode::write});
  const double second = std::log1p(std::exp(-1.0)), at_1 = std::exp(-second) - 0.5;
  return first_of({{"loss", difference(wide(loss.get()), {(second + 0.5) / 2}, 1e-6)},
                   {"dx", difference(wide(dx.get()), {0, 0, 0, 0, at_1 / 2, -at_1 / 2}, 1e-6)}});
}

std::string no_rows() {
  const Guarded<float> nothing(0), loss(1);
  const Guarded<std::int32_t> labels(0);
  run<&kernels::cross_entropy<float>>(Rows{0, 5}, nothing.data(), labels.data(), nothing.data(), loss.data());
  return std::isnan(loss.get()[0]) ? "" : "the loss is not NaN";
}

const Suite suite([](Findings& findings, bool quick) {
  findings.expect("cross-entropy, a wrong label", wrong_label);
  findings.expect("cross-entropy, huge logits", huge_logits);
  findings.expect("cross-entropy, no rows", no_rows);
  for (const SinkMode mode : {SinkMode::write, SinkMode::ignore}) {
    const std::string name = ", mode " + std::to_string(static_cast<int>(mode));
    for (const Rows s : {Rows{5, 1100}, Rows{3, 32769}}) {
      findings.expect("cross-entropy, by one block, " + std::to_string(s.cols) + name, [=] {
        const AtMost blocks(1, on());
        return fused<false>(s, 0, mode);
      });
    }
    findings.expect("cross-entropy, by several tiles" + name, [=] {
      return fused<false>({(1 << 17) + 5, 2}, 0, mode);
    });
  }
  for (const std::int64_t cols :
       {2,   3,   4,   5,   8,    10,   16,   17,   31,    32,    33,    100,   127,   128,
        129, 511, 512, 513, 1000, 4096, 4097, 8200, 32000, 32767, 32768, 32769, 50257, 128256}) {
    for (const std::int64_t rows : {std::int64_t{1}, std::int64_t{7}, std::int64_t{300}, 2'000'000 / cols}) {
      if (rows * cols > (quick ? 40'000 : 4'000'000)) continue;
      for (const std::size_t shift : {0, 1}) {
        for (const SinkMode mode : {SinkMode::write, SinkMode::add, SinkMode::ignore}) {
          if ((mode != SinkMode::write || shift > 0) && rows > 300) continue;
          const std::string name = std::to_string(rows) + " x " + std::to_string(cols) + ", shift " +
                                   std::to_string(shift) + ", mode " + std::to_string(static_cast<int>(mode));
          const Rows s{rows, cols};
          findings.expect("cross-entropy, fused, " + name, [&] { return fused<false>(s, shift, mode); });
          findings.expect("soft cross-entropy, fused, " + name, [&] { return fused<true>(s, shift, mode); });
          findings.expect("cross-entropy " + name, [&] { return apart<false>(s, shift, mode); });
          findings.expect("soft cross-entropy " + name, [&] { return apart<true>(s, shift, mode); });
        }
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
