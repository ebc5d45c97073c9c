// test JSON [quick|all [N [NAME]]]: the GPU's kernels against the CPU's: the same bits where they are promised, else
// against float64. `quick` takes small shapes only; N every Nth check; NAME those whose names begin so.
#include <thread>

#include "bench/gpu/trial.hpp"
#include "kernels/gpu/cross_entropy.hpp"
#include "kernels/gpu/inverse_l1.hpp"
#include "kernels/gpu/linear.hpp"
#include "kernels/gpu/optimizer.hpp"
#include "kernels/gpu/unary.hpp"
#include "kernels/parallel.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::Sink;

kernels::Stream cpu{Device{}};

template <class T>
std::vector<double> wide(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}
std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }
std::string first_of(std::initializer_list<std::pair<const char*, std::string>> findings) {
  for (const auto& [what, wrong] : findings) {
    if (!wrong.empty()) return std::string(what) + ": " + wrong;
  }
  return {};
}

// Models of the given segments, a third of whose elements agree.
struct Pair {
  explicit Pair(const std::vector<int>& lengths) : offsets(1, 0), a(), b() {
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    Random random(static_cast<unsigned>(offsets.back()));
    a = random.normal(size(n()));
    b = random.normal(size(n()));
    for (std::size_t i = 0; i < a.size(); i += 3) b[i] = a[i];
  }
  int n() const { return offsets.back(); }
  int segments() const { return static_cast<int>(offsets.size()) - 1; }
  std::vector<std::int32_t> offsets;
  std::vector<float> a, b;
};

std::string similarity(const Pair& pair, std::size_t shift, double eps, int max_blocks) {
  const int segments = pair.segments(), n = pair.n();
  const std::size_t words = size(kernels::sign_words(n, segments));
  std::vector<float> s(size(segments)), loss(1), dloss{0.75f}, db(size(n), 0.5f);
  std::vector<std::int32_t> signs(words, 77);
  kernels::inverse_l1(cpu, segments, pair.offsets.data(), eps, pair.a.data(), pair.b.data(), s.data(), signs.data(),
                      loss.data());
  const kernels::Range range{n / 5, n - n / 7};
  kernels::inverse_l1_backward(cpu, segments, pair.offsets.data(), eps, signs.data(), s.data(), dloss.data(), range,
                               Sink<float>{db.data(), SinkMode::add});

  Guarded<std::int32_t> offsets(pair.offsets), gpu_signs(std::vector<std::int32_t>(words, 77), shift);
  Guarded<float> a(pair.a, shift), b(pair.b, shift), gpu_s(size(segments)), gpu_loss(1), gpu_dloss(dloss),
      gpu_db(std::vector<float>(size(n), 0.5f), shift), scratch(size(kernels::gpu::inverse_l1_scratch(n, segments)));
  Guarded<unsigned> ticket(std::vector<unsigned>(1, 0));
  kernels::gpu::inverse_l1({{}, max_blocks}, segments, offsets.data(), n, eps, a.data(), b.data(), gpu_s.data(),
                           gpu_signs.data(), gpu_loss.data(), scratch.data(), ticket.data());
  kernels::gpu::inverse_l1_backward({{}, max_blocks}, segments, offsets.data(), n, eps, gpu_signs.data(), gpu_s.data(),
                                    gpu_dloss.data(), range, {gpu_db.data(), SinkMode::add});
  const std::string added = first_of({{"s", other_bits(gpu_s.get(), s)},
                                      {"signs", other_bits(gpu_signs.get(), signs)},
                                      {"loss", other_bits(gpu_loss.get(), loss)},
                                      {"db, added", other_bits(gpu_db.get(), db)},
                                      {"ticket", other_bits(ticket.get(), {0u})}});
  if (!added.empty()) return added;
  kernels::inverse_l1_backward(cpu, segments, pair.offsets.data(), eps, signs.data(), s.data(), dloss.data(), {0, n},
                               Sink<float>{db.data(), SinkMode::write});
  kernels::gpu::inverse_l1_backward({{}, max_blocks}, segments, offsets.data(), n, eps, gpu_signs.data(), gpu_s.data(),
                                    gpu_dloss.data(), {0, n}, {gpu_db.data(), SinkMode::write});
  return first_of({{"db, written", other_bits(gpu_db.get(), db)}});
}

void test_similarity(Findings& findings, bool quick) {
  std::vector<std::vector<int>> models{{1},
                                       {0, 3, 0},
                                       {8, 4, 4, 1},
                                       {7, 31, 32, 33, 127, 128, 129, 1000},
                                       {2048},
                                       {2049},
                                       {4095, 4096, 4097},
                                       {200704, 256, 2560, 10},
                                       std::vector<int>(1000, 64)};
  if (!quick) {
    models.push_back({(1 << 24) + 4099, 5, (1 << 24) + 1});
    models.push_back(std::vector<int>(10000, 64));
  }
  for (const std::vector<int>& lengths : models) {
    const Pair pair(lengths);
    for (const std::size_t shift : {0, 1, 2, 3}) {
      if (pair.n() > 1'000'000 && shift > 1) continue;
      for (const int max_blocks : {0, 1, 3}) {
        if (pair.n() > 1'000'000 && max_blocks > 0) continue;
        const std::string name = "similarity of " + std::to_string(pair.segments()) + " segments, " +
                                 std::to_string(pair.n()) + " elements, shift " + std::to_string(shift) + ", blocks " +
                                 std::to_string(max_blocks);
        findings.expect(name, [&] { return similarity(pair, shift, shift == 3 ? 1e-3 : 0, max_blocks); });
      }
    }
  }
}

// The first `rows` numbers of a result, and what float64 makes of the same inputs.
template <bool Soft>
std::string cross_entropy(kernels::Rows s, std::size_t shift, SinkMode mode) {
  const std::size_t n = size(s.rows * s.cols), rows = size(s.rows);
  Random random(static_cast<unsigned>(n + shift));
  const std::vector<float> x = random.normal(n, 3), p = random.uniform(n, 0, 1), dloss{1.5f}, before(n, 1e-3f);
  const std::vector<std::int32_t> labels = random.integers(rows, static_cast<std::int32_t>(s.cols));
  std::vector<double> x2 = wide(x), p2 = wide(p), lse(rows), mass(rows), loss(1), dloss2 = wide(dloss),
                      dx = wide(before);
  const Sink<double> sink{dx.data(), mode};
  if constexpr (Soft) {
    kernels::soft_cross_entropy(cpu, s, x2.data(), p2.data(), lse.data(), mass.data(), loss.data());
    kernels::soft_cross_entropy_backward(cpu, s, x2.data(), p2.data(), lse.data(), mass.data(), dloss2.data(), sink);
  } else {
    kernels::cross_entropy(cpu, s, x2.data(), labels.data(), lse.data(), loss.data());
    kernels::cross_entropy_backward(cpu, s, x2.data(), labels.data(), lse.data(), dloss2.data(), sink);
  }
  Guarded<float> gpu_x(x, shift), gpu_p(p, shift), gpu_dloss(dloss), gpu_dx(before, shift), gpu_lse(rows),
      gpu_mass(rows), gpu_loss(1), scratch(size(kernels::gpu::cross_entropy_scratch(s.rows)));
  Guarded<std::int32_t> gpu_labels(labels), bad_row(std::vector<std::int32_t>{1 << 30});
  const std::vector<unsigned> zeros(size(kernels::gpu::cross_entropy_tickets(s.rows)), 0);
  Guarded<unsigned> tickets(zeros);
  const Sink<float> gpu_sink{gpu_dx.data(), mode};
  if constexpr (Soft) {
    kernels::gpu::soft_cross_entropy({}, s, gpu_x.data(), gpu_p.data(), gpu_dloss.data(), gpu_lse.data(),
                                     gpu_mass.data(), gpu_loss.data(), gpu_sink, scratch.data(), tickets.data());
  } else {
    kernels::gpu::cross_entropy({}, s, gpu_x.data(), gpu_labels.data(), gpu_dloss.data(), gpu_lse.data(),
                                gpu_loss.data(), gpu_sink, bad_row.data(), scratch.data(), tickets.data());
  }
  using testing::difference;
  constexpr double close = 3e-6;
  // Where a row is sure of itself, e^(x - lse) - 1 is no more exact than its terms either.
  std::vector<double> got_dx = wide(gpu_dx.get());
  for (std::vector<double>* const both : {&got_dx, &dx}) both->push_back(dloss2[0] / static_cast<double>(rows));
  // A loss near 0 is the difference of two numbers of the size of lse, and cannot be more exact than they are.
  std::vector<double> got = wide(gpu_lse.get()), wanted = lse;
  got.push_back(static_cast<double>(gpu_loss.get()[0]));
  wanted.push_back(loss[0]);
  return first_of({{"lse and loss", difference(got, wanted, close)},
                   {"mass", Soft ? difference(wide(gpu_mass.get()), mass, close) : ""},
                   {"dx", difference(got_dx, dx, close)},
                   {"bad row", other_bits(bad_row.get(), {1 << 30})},
                   {"tickets", other_bits(tickets.get(), zeros)}});
}

std::string wrong_label() {
  Guarded<float> x(std::vector<float>{2, 3, 4, 5, 6, 7, 8}), dloss(std::vector<float>{1}), lse(4), loss(1), dx(8),
      scratch(size(kernels::gpu::cross_entropy_scratch(4)));
  Guarded<std::int32_t> labels(std::vector<std::int32_t>{0, 2, -1, 1}), bad_row(std::vector<std::int32_t>{1 << 30});
  Guarded<unsigned> tickets(std::vector<unsigned>(size(kernels::gpu::cross_entropy_tickets(4)), 0));
  kernels::gpu::cross_entropy({}, {4, 2}, x.data(), labels.data(), dloss.data(), lse.data(), loss.data(),
                              {dx.data(), SinkMode::write}, bad_row.data(), scratch.data(), tickets.data());
  if (bad_row.get()[0] != 1) return "the bad row is said to be " + std::to_string(bad_row.get()[0]);
  return std::isnan(loss.get()[0]) ? "" : "the loss is not NaN";
}

std::string huge_logits() {
  const float inf = std::numeric_limits<float>::infinity();
  std::vector<float> x{1e30f, -1e30f, 0, -inf, 2, 1}, p{1, 0, 0, 0, 0.5f, 0.5f};
  Guarded<float> gpu_x(x), gpu_p(p), dloss(std::vector<float>{1}), lse(2), mass(2), loss(1), dx(6),
      scratch(size(kernels::gpu::cross_entropy_scratch(2)));
  Guarded<unsigned> tickets(std::vector<unsigned>(size(kernels::gpu::cross_entropy_tickets(2)), 0));
  kernels::gpu::soft_cross_entropy({}, {2, 3}, gpu_x.data(), gpu_p.data(), dloss.data(), lse.data(), mass.data(),
                                   loss.data(), {dx.data(), SinkMode::write}, scratch.data(), tickets.data());
  const double second = std::log1p(std::exp(-1.0)), at_1 = std::exp(-second) - 0.5;
  return first_of({{"loss", testing::difference(wide(loss.get()), {(second + 0.5) / 2}, 1e-6)},
                   {"dx", testing::difference(wide(dx.get()), {0, 0, 0, 0, at_1 / 2, -at_1 / 2}, 1e-6)}});
}

void test_cross_entropy(Findings& findings, bool quick) {
  findings.expect("cross-entropy, a wrong label", wrong_label);
  findings.expect("cross-entropy, huge logits", huge_logits);
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
          findings.expect("cross-entropy " + name, [&] { return cross_entropy<false>({rows, cols}, shift, mode); });
          findings.expect("soft cross-entropy " + name, [&] { return cross_entropy<true>({rows, cols}, shift, mode); });
        }
      }
    }
  }
}

template <class Op>
std::string elementwise(Op op, std::int64_t n, std::size_t shift, SinkMode mode) {
  Random random(static_cast<unsigned>(n));
  std::vector<float> x = random.normal(size(n), 20), dy = random.normal(size(n)), y(size(n)), dx(size(n), 0.25f);
  for (std::size_t i = 0; i < x.size(); i += 5) x[i] = i % 2 == 0 ? 0.0f : -0.0f;
  if (n > 2) x[2] = std::numeric_limits<float>::quiet_NaN();
  kernels::unary(cpu, op, n, x.data(), y.data());
  kernels::unary_backward(cpu, op, n, y.data(), dy.data(), Sink<float>{dx.data(), mode});
  Guarded<float> gpu_x(x, shift), gpu_y(size(n), shift), gpu_dy(dy, shift),
      gpu_dx(std::vector<float>(size(n), 0.25f), shift);
  kernels::gpu::unary({}, op, n, gpu_x.data(), gpu_y.data());
  kernels::gpu::unary_backward({}, op, n, gpu_y.data(), gpu_dy.data(), {gpu_dx.data(), mode});
  const std::string wrong = first_of({{"y", other_bits(gpu_y.get(), y)}, {"dx", other_bits(gpu_dx.get(), dx)}});
  if (!wrong.empty() || !std::is_same_v<Op, kernels::Relu>) return wrong;
  Guarded<std::uint32_t> mask(size(kernels::gpu::relu_mask_words(n)));
  Guarded<float> again_y(size(n), shift), again_dx(std::vector<float>(size(n), 0.25f), shift);
  kernels::gpu::relu_with_mask({}, n, gpu_x.data(), again_y.data(), mask.data());
  kernels::gpu::relu_backward_from_mask({}, n, mask.data(), gpu_dy.data(), {again_dx.data(), mode});
  return first_of(
      {{"y beside a mask", other_bits(again_y.get(), y)}, {"dx from a mask", other_bits(again_dx.get(), dx)}});
}

void test_elementwise(Findings& findings, bool quick) {
  for (const std::int64_t n : {0, 1, 7, 31, 32, 33, 127, 128, 1000, 1023, 1024, 4096, 4097, 8192, 1'000'003}) {
    if (quick && n > 10000) continue;
    for (const std::size_t shift : {0, 1, 2, 3}) {
      for (const SinkMode mode : {SinkMode::write, SinkMode::add, SinkMode::ignore}) {
        const std::string name =
            std::to_string(n) + ", shift " + std::to_string(shift) + ", mode " + std::to_string(static_cast<int>(mode));
        findings.expect("relu " + name, [&] { return elementwise(kernels::Relu{}, n, shift, mode); });
        findings.expect("sigmoid " + name, [&] { return elementwise(kernels::Sigmoid{}, n, shift, mode); });
        findings.expect("tanh " + name, [&] { return elementwise(kernels::Tanh{}, n, shift, mode); });
      }
    }
  }
}

// Three steps of each optimiser.
std::string optimizers(std::int64_t n, std::size_t shift, double decay) {
  Random random(static_cast<unsigned>(n));
  std::vector<float> g = random.normal(size(n)), p = random.normal(size(n)), m(size(n)), v(size(n)), w = p,
                     momentum(size(n));
  const double lr = 0.01;
  const std::int32_t go = 0;
  std::int32_t t = 0;
  Guarded<float> gg(g, shift), gp(p, shift), gm(m, shift), gv(v, shift), gw(p, shift), gmomentum(momentum, shift);
  Guarded<double> glr(std::vector<double>{lr});
  Guarded<std::int32_t> ggo(std::vector<std::int32_t>{go}), gt(std::vector<std::int32_t>{t});
  for (int step = 0; step < 3; ++step) {
    kernels::count_step(cpu, 1, &go, &t);
    kernels::adam(cpu, kernels::AdamRule{0.9, 0.999, 1e-8, decay}, n, &lr, &go, &t, g.data(), m.data(), v.data(),
                  p.data());
    kernels::sgd(cpu, kernels::SgdRule{0.9, decay}, n, &lr, &go, g.data(), momentum.data(), w.data());
    kernels::sgd(cpu, kernels::SgdRule{0, decay}, n, &lr, nullptr, g.data(), static_cast<float*>(nullptr), w.data());
    kernels::gpu::count_step({}, 1, ggo.data(), gt.data());
    kernels::gpu::adam({}, {0.9, 0.999, 1e-8, decay}, n, glr.data(), ggo.data(), gt.data(), gg.data(), gm.data(),
                       gv.data(), gp.data());
    kernels::gpu::sgd({}, {0.9, decay}, n, glr.data(), ggo.data(), gg.data(), gmomentum.data(), gw.data());
    kernels::gpu::sgd({}, {0, decay}, n, glr.data(), nullptr, gg.data(), nullptr, gw.data());
  }
  std::vector<float> sum(1);
  kernels::sum_squares(cpu, n, g.data(), sum.data());
  Guarded<float> gsum(1), scratch(size(n / 4096 + 1));
  Guarded<unsigned> ticket(std::vector<unsigned>{0});
  kernels::gpu::sum_squares({}, n, gg.data(), gsum.data(), scratch.data(), ticket.data());
  return first_of({{"adam's p", other_bits(gp.get(), p)},
                   {"adam's m", other_bits(gm.get(), m)},
                   {"adam's v", other_bits(gv.get(), v)},
                   {"sgd's p", other_bits(gw.get(), w)},
                   {"sgd's v", other_bits(gmomentum.get(), momentum)},
                   {"squares", other_bits(gsum.get(), sum)},
                   {"ticket", other_bits(ticket.get(), {0u})}});
}

std::string stopped() {
  Guarded<float> g(std::vector<float>{1}), m(std::vector<float>{2}), v(std::vector<float>{3}), p(std::vector<float>{4});
  Guarded<double> lr(std::vector<double>{0.1});
  Guarded<std::int32_t> stop(std::vector<std::int32_t>{1}), t(std::vector<std::int32_t>{5});
  kernels::gpu::count_step({}, 1, stop.data(), t.data());
  kernels::gpu::adam({}, {0.9, 0.999, 1e-8, 0}, 1, lr.data(), stop.data(), t.data(), g.data(), m.data(), v.data(),
                     p.data());
  kernels::gpu::sgd({}, {0.9, 0}, 1, lr.data(), stop.data(), g.data(), v.data(), p.data());
  return first_of({{"t", other_bits(t.get(), {5})},
                   {"m", other_bits(m.get(), {2.0f})},
                   {"v", other_bits(v.get(), {3.0f})},
                   {"p", other_bits(p.get(), {4.0f})}});
}

void test_optimizers(Findings& findings, bool quick) {
  findings.expect("optimizers, stopped", stopped);
  for (const std::int64_t n : {1, 3, 4, 17, 128, 1000, 4099, 203530, 5'000'001}) {
    if (quick && n > 10000) continue;
    for (const std::size_t shift : {0, 1, 2}) {
      const std::string name = "optimizers " + std::to_string(n) + ", shift " + std::to_string(shift);
      findings.expect(name, [&] { return optimizers(n, shift, 0); });
      findings.expect(name + ", decay", [&] { return optimizers(n, shift, 0.1); });
    }
  }
}

// c (m, n) += a b, where a(i, k) and b(k, j) are given.
template <class A, class B>
void multiply(std::int64_t m, std::int64_t depth, std::int64_t n, const A& a, const B& b, std::vector<double>& c) {
  kernels::parallel_for(m, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t k = 0; k < depth; ++k) {
        for (std::int64_t j = 0; j < n; ++j) c[size(i * n + j)] += a(i, k) * b(k, j);
      }
    }
  });
}

// Against float64; exactly, if all numbers are small integers.
std::string linear(kernels::LinearShape s, std::size_t shift, bool integers, kernels::gpu::Activation activation) {
  Random random(static_cast<unsigned>(s.rows * s.in + s.out));
  const auto draw = [&](std::int64_t n) {
    std::vector<float> x = random.normal(size(n), integers ? 2.0f : 1.0f);
    for (float& value : x) value = integers ? std::round(value) : value;
    return x;
  };
  const std::vector<float> x = draw(s.rows * s.in), w = draw(s.out * s.in), b = draw(s.out), dy = draw(s.rows * s.out);
  std::vector<double> y(dy.size()), dx(x.size(), 1), dw(w.size(), 1);
  const auto wide_at = [](const std::vector<float>& v, std::int64_t i) { return static_cast<double>(v[size(i)]); };
  multiply(
      s.rows, s.in, s.out, [&](auto i, auto k) { return wide_at(x, i * s.in + k); },
      [&](auto k, auto j) { return wide_at(w, j * s.in + k); }, y);
  multiply(
      s.rows, s.out, s.in, [&](auto i, auto k) { return wide_at(dy, i * s.out + k); },
      [&](auto k, auto j) { return wide_at(w, k * s.in + j); }, dx);
  multiply(
      s.out, s.rows, s.in, [&](auto i, auto k) { return wide_at(dy, k * s.out + i); },
      [&](auto k, auto j) { return wide_at(x, k * s.in + j); }, dw);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] += static_cast<double>(b[i % size(s.out)]);
    if (activation == kernels::gpu::Activation::relu) y[i] = std::max(y[i], 0.0);
  }
  Guarded<float> gx(x, shift), gw(w, shift), gb(b, shift), gdy(dy, shift), gy(y.size(), shift),
      gdx(std::vector<float>(x.size(), 1), shift), gdw(std::vector<float>(w.size(), 1), shift),
      scratch(size(kernels::gpu::linear_scratch(s)));
  const std::vector<unsigned> zeros(size(kernels::gpu::linear_tickets(s)), 0);
  Guarded<unsigned> tickets(zeros);
  kernels::gpu::linear({}, s, activation, gx.data(), gw.data(), gb.data(), gy.data(), scratch.data(), tickets.data());
  kernels::gpu::linear_backward({}, s, gx.data(), gw.data(), gdy.data(), {gdx.data(), SinkMode::add},
                                {gdw.data(), SinkMode::add}, scratch.data(), tickets.data());
  const double close = integers ? 0 : 3e-6;
  using testing::difference;
  return first_of({{"y", difference(wide(gy.get()), y, close)},
                   {"dx", difference(wide(gdx.get()), dx, close)},
                   {"dW", difference(wide(gdw.get()), dw, close)},
                   {"tickets", other_bits(tickets.get(), zeros)}});
}

void test_linear(Findings& findings, bool quick) {
  using kernels::gpu::Activation;
  for (const kernels::LinearShape s : {kernels::LinearShape{20, 2, 4},
                                       {3, 1, 2},
                                       {20, 4, 1},
                                       {33, 7, 65},
                                       {128, 784, 256},
                                       {128, 256, 10},
                                       {96, 784, 256},
                                       {65, 100, 33},
                                       {130, 17, 129},
                                       {256, 128, 256},
                                       {7, 2100, 9},
                                       {1024, 64, 1024},
                                       {1030, 33, 1025},
                                       {1024, 1024, 1024},
                                       {130, 2500, 129},
                                       {1024, 264, 1152}}) {
    const bool large = s.rows * s.in * s.out > 1'000'000;
    if (quick && large) continue;
    for (const std::size_t shift : {0, 1}) {
      for (const bool integers : {true, false}) {
        for (const Activation activation : {Activation::none, Activation::relu}) {
          if (large && (activation == Activation::relu) == integers) continue;
          const std::string name = "linear " + std::to_string(s.rows) + " x " + std::to_string(s.in) + " x " +
                                   std::to_string(s.out) + ", shift " + std::to_string(shift) +
                                   (integers ? ", integers" : "") + (activation == Activation::relu ? ", relu" : "");
          findings.expect(name, [&] { return linear(s, shift, integers, activation); });
        }
      }
    }
  }
}

}  // namespace
}  // namespace wengert::gpu_check

int main(int count, char** arguments) {
  using namespace wengert::gpu_check;
  const std::vector<std::string> options(arguments + 1, arguments + count);
  const bool quick = options.size() > 1 && options[1] == "quick";
  wengert::set_threads(static_cast<int>(std::thread::hardware_concurrency()));
  Findings findings(options.size() > 2 ? std::stoi(options[2]) : 1, options.size() > 3 ? options[3] : "");
  test_similarity(findings, quick);
  test_cross_entropy(findings, quick);
  test_elementwise(findings, quick);
  test_optimizers(findings, quick);
  test_linear(findings, quick);
  return findings.write(options.empty() ? "/dev/null" : options[0]);
}
