#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/gpu/test/trial.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::Rows;
using kernels::gpu::ErrorWord;
using testing::difference;

// Logits and both kinds of target.
struct Problem {
  Problem(Rows shape, std::size_t shift)
      : s(shape), random(static_cast<unsigned>(n() + shift)), gpu_x(x, shift), gpu_p(p, shift), gpu_labels(labels) {}
  std::size_t n() const { return size(s.rows * s.cols); }
  std::size_t rows() const { return size(s.rows); }

  Rows s;
  Random random;
  std::vector<float> x = random.normal(n(), 3), p = random.uniform(n(), 0, 1);
  std::vector<std::int32_t> labels = random.integers(rows(), static_cast<std::int32_t>(s.cols));
  Guarded<float> gpu_x, gpu_p;
  Guarded<std::int32_t> gpu_labels;
};

// Both the loss and its gradient are differences, and may be far smaller than what they are differences of.
std::string close(std::vector<double> got, std::vector<double> wanted, double of, double tolerance) {
  got.push_back(of);
  wanted.push_back(of);
  return difference(got, wanted, tolerance);
}

// Loss and gradient against float64; and the loss alone, with the same bits.
template <bool Soft>
std::string both(Rows s, std::size_t shift) {
  const Problem problem(s, shift);
  const std::vector<double> x = wide(problem.x), p = wide(problem.p);
  std::vector<double> loss(1), dx(problem.n());
  const Guarded<float> gpu_dx(problem.n(), shift), gpu_loss(1), alone(1);
  if constexpr (Soft) {
    kernels::soft_cross_entropy(cpu, s, x.data(), p.data(), loss.data(), dx.data());
    run<&kernels::soft_cross_entropy<float>>(s, problem.gpu_x.data(), problem.gpu_p.data(), gpu_loss.data(),
                                             gpu_dx.data());
    run<&kernels::soft_cross_entropy<float>>(s, problem.gpu_x.data(), problem.gpu_p.data(), alone.data(), nullptr);
  } else {
    kernels::cross_entropy(cpu, s, x.data(), problem.labels.data(), loss.data(), dx.data());
    run<&kernels::cross_entropy<float>>(s, problem.gpu_x.data(), problem.gpu_labels.data(), gpu_loss.data(),
                                        gpu_dx.data());
    run<&kernels::cross_entropy<float>>(s, problem.gpu_x.data(), problem.gpu_labels.data(), alone.data(), nullptr);
  }
  const double of_terms = std::log(static_cast<double>(s.cols)) + 9;  // about what a row's lse is
  return first_of({{"loss", close(wide(gpu_loss.get()), loss, of_terms, 3e-6)},
                   {"dx", close(wide(gpu_dx.get()), dx, 1 / static_cast<double>(s.rows), 5e-6)},
                   {"the loss alone", other_bits(alone.get(), gpu_loss.get())}});
}

// The first bad row, or -1; the stream then forgets it.
std::int64_t bad_row() {
  const ErrorWord::Word met = download(on().errors().word(), 1)[0];
  on().errors().clear();
  return met == ErrorWord::none ? -1 : static_cast<std::int64_t>(met & 0xffffffff);
}

std::string wrong_label() {
  const Rows s{4, 2};
  const Guarded<float> x(std::vector<float>(8, 0.5f)), loss(1), dx(8);
  const Guarded<std::int32_t> labels(std::vector<std::int32_t>{0, 2, 1, -1});
  if (bad_row() != -1) return "a row is said to be bad before there is one";
  run<&kernels::cross_entropy<float>>(s, x.data(), labels.data(), loss.data(), dx.data());
  if (const auto row = bad_row(); row != 1) return "the bad row is said to be " + std::to_string(row);
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
  const Guarded<float> gpu_x(x), gpu_p(p), loss(1), dx(6);
  run<&kernels::soft_cross_entropy<float>>(Rows{2, 3}, gpu_x.data(), gpu_p.data(), loss.data(), dx.data());
  const double second = std::log1p(std::exp(-1.0)), at_1 = std::exp(-second) - 0.5;
  return first_of({{"loss", difference(wide(loss.get()), {(second + 0.5) / 2}, 1e-6)},
                   {"dx", difference(wide(dx.get()), {0, 0, 0, 0, at_1 / 2, -at_1 / 2}, 1e-6)}});
}

std::string no_rows() {
  const Guarded<float> nothing(0), loss(1);
  const Guarded<std::int32_t> labels(0);
  run<&kernels::cross_entropy<float>>(Rows{0, 5}, nothing.data(), labels.data(), loss.data(), nullptr);
  return std::isnan(loss.get()[0]) ? "" : "the loss is not NaN";
}

const Suite suite([](Findings& findings, bool quick) {
  findings.expect("cross-entropy, a wrong label", wrong_label);
  findings.expect("cross-entropy, huge logits", huge_logits);
  findings.expect("cross-entropy, no rows", no_rows);
  for (const Rows s : {Rows{5, 1100}, Rows{3, 32769}}) {
    findings.expect("cross-entropy, by one block, " + std::to_string(s.cols), [=] {
      const AtMost blocks(1, on());
      return both<false>(s, 0);
    });
  }
  findings.expect("cross-entropy, by several tiles", [=] { return both<false>({(1 << 17) + 5, 2}, 0); });
  for (const std::int64_t cols :
       {2,   3,   4,   5,   8,    10,   16,   17,   31,    32,    33,    100,   127,   128,
        129, 511, 512, 513, 1000, 4096, 4097, 8200, 32000, 32767, 32768, 32769, 50257, 128256}) {
    for (const std::int64_t rows : {std::int64_t{1}, std::int64_t{7}, std::int64_t{300}, 2'000'000 / cols}) {
      if (rows * cols > (quick ? 40'000 : 4'000'000)) continue;
      for (const std::size_t shift : {0, 1}) {
        if (shift > 0 && rows > 300) continue;
        const std::string name =
            std::to_string(rows) + " x " + std::to_string(cols) + ", shift " + std::to_string(shift);
        findings.expect("cross-entropy " + name, [&] { return both<false>({rows, cols}, shift); });
        findings.expect("soft cross-entropy " + name, [&] { return both<true>({rows, cols}, shift); });
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
