// time JSON: how long the kernels take, beside the machine's bandwidth and cuBLAS. What is timed has been verified on the
// same data just before.
#include <cmath>
#include <memory>
#include <thread>

#include "bench/gpu/cublas.hpp"
#include "bench/gpu/timing.hpp"
#include "kernels/gpu/cross_entropy.hpp"
#include "kernels/gpu/inverse_l1.hpp"
#include "kernels/gpu/linear.hpp"
#include "kernels/gpu/optimizer.hpp"
#include "kernels/gpu/unary.hpp"
#include "kernels/parallel.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_bench {
namespace {

using kernels::Sink;
using kernels::gpu::On;

kernels::Stream cpu{Device{}};
constexpr std::int64_t million = 1'000'000;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

std::string differs(const std::vector<float>& got, const std::vector<float>& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (got[i] != wanted[i]) return "element " + std::to_string(i) + " has other bits than the CPU's";
  }
  return {};
}

__global__ void read_all(std::int64_t quads, const float4* x, float* sum) {
  constexpr int together = 8;
  float total = 0;
  const std::int64_t step = std::int64_t{gridDim.x} * blockDim.x;
  std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  for (; i + (together - 1) * step < quads; i += together * step) {
    float4 v[together];
    for (int k = 0; k < together; ++k) v[k] = x[i + k * step];
    for (int k = 0; k < together; ++k) total += v[k].x + v[k].y + v[k].z + v[k].w;
  }
  if (total == 1234.5f) *sum = total;  // so that the loads are needed
}
__global__ void copy_all(std::int64_t quads, const float4* x, float4* y) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x * 4 + threadIdx.x;
  float4 v[4];
  for (int k = 0; k < 4; ++k) {
    if (i + k * blockDim.x < quads) v[k] = x[i + k * blockDim.x];
  }
  for (int k = 0; k < 4; ++k) {
    if (i + k * blockDim.x < quads) y[i + k * blockDim.x] = v[k];
  }
}
__global__ void nothing() {}

void machine(Clock& clock, Results& results) {
  const std::int64_t n = 1 << 28;
  Floats x(n), y(n);
  const auto* from = reinterpret_cast<const float4*>(static_cast<float*>(x));
  auto* const to = reinterpret_cast<float4*>(static_cast<float*>(y));
  const double bytes = 4.0 * static_cast<double>(n);
  const auto read = [&](int) {
    simt::launch<read_all>({132 * 8, 256, 0, clock.stream()}, n / 4, from, static_cast<float*>(y));
  };
  const auto copy = [&](int) {
    simt::launch<copy_all>({static_cast<unsigned>(n / 4096), 256, 0, clock.stream()}, n / 4, from, to);
  };
  const auto memcpy = [&](int) {
    simt::check(cudaMemcpyAsync(to, from, size(4 * n), cudaMemcpyDeviceToDevice, clock.stream()));
  };
  const auto launch = [&](int) { simt::launch<nothing>({1, 32, 0, clock.stream()}); };
  results.add("machine", "read 1 GiB", "cold", clock.call(read), {bytes});
  results.add("machine", "copy 1 GiB, a kernel", "cold", clock.call(copy), {2 * bytes});
  results.add("machine", "copy 1 GiB, cudaMemcpyAsync", "cold", clock.call(memcpy), {2 * bytes});
  results.add("machine", "an empty kernel", "warm", clock.call(launch), {});
  results.add("machine", "an empty kernel", "node", clock.node(launch), {});
}

// A pair of models in device memory, and all that the similarity needs besides.
struct Similarity {
  Similarity(const std::vector<std::int64_t>& lengths, std::uint32_t seed)
      : segments(static_cast<int>(lengths.size())), starts(1, 0) {
    for (const std::int64_t length : lengths) starts.push_back(static_cast<std::int32_t>(starts.back() + length));
    n = starts.back();
    offsets = std::make_unique<simt::Array<std::int32_t>>(starts.size());
    offsets->upload(starts);
    a = std::make_unique<Floats>(n, seed);
    b = std::make_unique<Floats>(n, seed + 1);
    db = std::make_unique<Floats>(n, seed + 2);
    sums = std::make_unique<Floats>(segments + 2 + kernels::gpu::inverse_l1_scratch(n, segments), 3, 0.5f, 1.0f);
    signs = std::make_unique<simt::Array<std::int32_t>>(size(kernels::sign_words(n, segments)));
    ticket = std::make_unique<simt::Array<unsigned>>(1);
    ticket->upload(std::vector<unsigned>{0});
  }
  float* s() { return *sums; }
  float* loss() { return s() + segments; }
  void forward(On on) {
    kernels::gpu::inverse_l1(on, segments, offsets->data(), n, 0, *a, *b, s(), signs->data(), loss(), loss() + 2,
                             ticket->data());
  }
  void backward(On on, SinkMode mode) {
    kernels::gpu::inverse_l1_backward(on, segments, offsets->data(), n, 0, signs->data(), s(), loss() + 1, {0, n},
                                      {*db, mode});
  }
  // Both passes against the CPU's, to the bit.
  std::string verify(On on) {
    const std::vector<float> old_a = a->download(), old_b = b->download();
    std::vector<float> before = db->download(), s2(size(segments)), loss2(1);
    std::vector<std::int32_t> signs2(signs->size());
    forward(on);
    backward(on, SinkMode::add);
    simt::check(cudaDeviceSynchronize());
    const std::vector<float> numbers = sums->download();
    kernels::inverse_l1(cpu, segments, starts.data(), 0, old_a.data(), old_b.data(), s2.data(), signs2.data(),
                        loss2.data());
    kernels::inverse_l1_backward(cpu, segments, starts.data(), 0, signs2.data(), s2.data(),
                                 &numbers[size(segments) + 1], {0, n}, Sink<float>{before.data(), SinkMode::add});
    if (numbers[size(segments)] != loss2[0]) return "the loss has other bits than the CPU's";
    const std::string wrong = differs(numbers, s2);
    return wrong.empty() ? differs(db->download(), before) : wrong;
  }

  int segments;
  std::int64_t n = 0;
  std::vector<std::int32_t> starts;
  std::unique_ptr<simt::Array<std::int32_t>> offsets, signs;
  std::unique_ptr<Floats> a, b, db, sums;
  std::unique_ptr<simt::Array<unsigned>> ticket;
};

void similarity(Clock& clock, Results& results) {
  const On on{clock.stream()};
  const auto bytes = [](std::int64_t n, double each) { return Work{static_cast<double>(n) * each}; };
  {
    Similarity one({100 * million}, 10);
    const std::string wrong = one.verify(on);
    results.add("wengert", "similarity forward, 100M (d1)", "cold", clock.call([&](int) { one.forward(on); }),
                bytes(one.n, 8.25), wrong);
    for (const int blocks : {132 * 3, 132 * 6, 132 * 9, 3052}) {  // what the choice of the grid is worth (d5)
      const On other{clock.stream(), blocks};
      results.add("wengert", "similarity forward, 100M, " + std::to_string(blocks) + " blocks", "cold",
                  clock.call([&](int) { one.forward(other); }), bytes(one.n, 8.25), wrong);
    }
    results.add("wengert", "similarity backward add, 100M (d3)", "cold",
                clock.call([&](int) { one.backward(on, SinkMode::add); }), bytes(one.n, 8.25), wrong);
    results.add("wengert", "similarity backward write, 100M", "cold",
                clock.call([&](int) { one.backward(on, SinkMode::write); }), bytes(one.n, 4.25), wrong);
    for (const int blocks : {132 * 8, 132 * 16, 6104}) {
      const On other{clock.stream(), blocks};
      results.add("wengert", "similarity backward add, 100M, " + std::to_string(blocks) + " blocks", "cold",
                  clock.call([&](int) { one.backward(other, SinkMode::add); }), bytes(one.n, 8.25), wrong);
    }
  }
  {
    Similarity many(std::vector<std::int64_t>(1000, 100'003), 20);  // most of them at odd addresses
    const std::string wrong = many.verify(on);
    results.add("wengert", "similarity forward, 1000 pairs, 100M", "cold", clock.call([&](int) { many.forward(on); }),
                bytes(many.n, 8.25), wrong);
    results.add("wengert", "similarity backward add, 1000 pairs, 100M", "cold",
                clock.call([&](int) { many.backward(on, SinkMode::add); }), bytes(many.n, 8.25), wrong);
  }
  struct Small {
    const char* name;
    std::vector<std::int64_t> lengths;
  };
  for (const Small& small :
       {Small{"17 params, 4 pairs (d2)", {8, 4, 4, 1}}, Small{"MNIST, 4 pairs", {200704, 256, 2560, 10}},
        Small{"2^16 (d2)", {1 << 16}}, Small{"10000 pairs of 64", std::vector<std::int64_t>(10000, 64)}}) {
    Similarity pair(small.lengths, 30);
    const std::string wrong = pair.verify(on);
    const std::string name = small.name;
    results.add("wengert", "similarity forward, " + name, "warm", clock.call([&](int) { pair.forward(on); }),
                bytes(pair.n, 8.25), wrong);
    results.add("wengert", "similarity forward, " + name, "node", clock.node([&](int) { pair.forward(on); }),
                bytes(pair.n, 8.25), wrong);
    results.add("wengert", "similarity backward add, " + name, "node",
                clock.node([&](int) { pair.backward(on, SinkMode::add); }), bytes(pair.n, 8.25), wrong);
  }
}

// Logits, both kinds of target, and what the kernels need besides.
struct Classes {
  explicit Classes(kernels::Rows shape, bool probabilities)
      : s(shape),
        x(s.rows * s.cols, 1, -5, 5),
        dx(s.rows * s.cols),
        p(probabilities ? s.rows * s.cols : 1, 2, 0, 1),
        numbers(2 * s.rows + 2 + kernels::gpu::cross_entropy_scratch(s.rows), 3, 0.5f, 1.5f),
        labels(size(s.rows)),
        bad_row(1),
        tickets(size(kernels::gpu::cross_entropy_tickets(s.rows))) {
    for (std::int64_t r = 0; r < s.rows; ++r)
      host_labels.push_back(static_cast<std::int32_t>(hashed(size(r), 4, 0, 1) * static_cast<float>(s.cols)));
    labels.upload(host_labels);
    tickets.upload(std::vector<unsigned>(tickets.size(), 0));
  }
  float* loss() { return numbers; }
  float* dloss() { return loss() + 1; }
  float* lse() { return loss() + 2; }
  float* mass() { return lse() + s.rows; }
  void run(On on, SinkMode mode = SinkMode::write) {
    kernels::gpu::cross_entropy(on, s, x, labels.data(), dloss(), lse(), loss(), {dx, mode}, bad_row.data(),
                                mass() + s.rows, tickets.data());
  }
  void run_soft(On on) {
    kernels::gpu::soft_cross_entropy(on, s, x, p, dloss(), lse(), mass(), loss(), {dx, SinkMode::write},
                                     mass() + s.rows, tickets.data());
  }
  // Some rows, from the first to the last, in float64, and the mean of all rows' losses.
  std::string verify(On on, bool soft) {
    simt::check(cudaMemset(dx, 0xff, size(s.rows * s.cols) * 4));
    soft ? run_soft(on) : run(on);
    simt::check(cudaDeviceSynchronize());
    const std::vector<float> got = numbers.download(), gradient = dx.download();
    const std::int64_t step = std::max<std::int64_t>(1, s.rows / 97);
    const double scale = static_cast<double>(got[1]) / static_cast<double>(s.rows);
    for (std::int64_t r = 0; r < s.rows; r += step) {
      std::vector<double> logits(size(s.cols)), wanted(size(s.cols)), found(size(s.cols));
      double highest = -1e300, sum = 0, all = 0;
      for (std::int64_t c = 0; c < s.cols; ++c) {
        logits[size(c)] = static_cast<double>(hashed(size(r * s.cols + c), 1, -5, 5));
        highest = std::max(highest, logits[size(c)]);
        if (soft) all += static_cast<double>(hashed(size(r * s.cols + c), 2, 0, 1));
      }
      for (const double logit : logits) sum += std::exp(logit - highest);
      for (std::int64_t c = 0; c < s.cols; ++c) {
        const double softmax = std::exp(logits[size(c)] - highest) / sum;
        const double target =
            soft ? static_cast<double>(hashed(size(r * s.cols + c), 2, 0, 1)) : c == host_labels[size(r)];
        wanted[size(c)] = scale * (softmax * (soft ? all : 1) - target);
        found[size(c)] = static_cast<double>(gradient[size(r * s.cols + c)]);
      }
      const std::string wrong = testing::difference(found, wanted, 5e-6);
      if (!wrong.empty()) return "row " + std::to_string(r) + ": " + wrong;
      const double lse = static_cast<double>(got[size(2 + r)]), exact = highest + std::log(sum);
      if (!(std::abs(lse - exact) <= 3e-6 * std::abs(exact) + 1e-5)) return "lse of row " + std::to_string(r);
    }
    if (soft) return {};
    double mean = 0;
    for (std::int64_t r = 0; r < s.rows; ++r) {
      mean += static_cast<double>(got[size(2 + r)]) -
              static_cast<double>(hashed(size(r * s.cols + host_labels[size(r)]), 1, -5, 5));
    }
    mean /= static_cast<double>(s.rows);
    return std::abs(mean - static_cast<double>(got[0])) <= 1e-5 * mean ? "" : "the loss";
  }

  kernels::Rows s;
  Floats x, dx, p, numbers;
  simt::Array<std::int32_t> labels, bad_row;
  simt::Array<unsigned> tickets;
  std::vector<std::int32_t> host_labels;
};

void cross_entropy(Clock& clock, Results& results) {
  const On on{clock.stream()};
  struct Shape {
    const char* name;
    kernels::Rows s;
    bool soft;
  };
  for (const Shape& shape :
       {Shape{"8192 x 32000 (c1, c3)", {8192, 32000}, true}, Shape{"8192 x 128256 (c2)", {8192, 128256}, false},
        Shape{"1M x 10 (c4)", {million, 10}, true}, Shape{"262144 x 128", {262144, 128}, true},
        Shape{"65536 x 1000", {65536, 1000}, true}}) {
    Classes all(shape.s, shape.soft);
    const double numbers = static_cast<double>(shape.s.rows) * static_cast<double>(shape.s.cols);
    const std::string name = shape.name;
    const std::string wrong = all.verify(on, false);
    results.add("wengert", "cross-entropy fwd+bwd " + name, "cold", clock.call([&](int) { all.run(on); }),
                {8 * numbers}, wrong);
    results.add("wengert", "cross-entropy loss only " + name, "cold",
                clock.call([&](int) { all.run(on, SinkMode::ignore); }), {4 * numbers}, wrong);
    if (!shape.soft) {
      for (const int blocks : {66, 99, 132, 198}) {  // the fewer rows at once, the more of them stay in the L2 cache
        const On other{clock.stream(), blocks};
        results.add("wengert", "cross-entropy fwd+bwd " + name + ", " + std::to_string(blocks) + " blocks", "cold",
                    clock.call([&](int) { all.run(other); }), {8 * numbers}, wrong);
      }
      continue;
    }
    const std::string soft_wrong = all.verify(on, true);
    results.add("wengert", "soft cross-entropy fwd+bwd " + name, "cold", clock.call([&](int) { all.run_soft(on); }),
                {12 * numbers}, soft_wrong);
  }
  Classes small({128, 10}, true);
  const std::string wrong = small.verify(on, false), soft_wrong = small.verify(on, true);
  results.add("wengert", "cross-entropy fwd+bwd 128 x 10 (c4)", "node", clock.node([&](int) { small.run(on); }),
              {8.0 * 1280}, wrong);
  results.add("wengert", "soft cross-entropy fwd+bwd 128 x 10", "node", clock.node([&](int) { small.run_soft(on); }),
              {12.0 * 1280}, soft_wrong);
}

template <class Op>
void elementwise(Clock& clock, Results& results, Op op, const std::string& name) {
  const On on{clock.stream()};
  const std::int64_t n = 1 << 26;
  Floats x(n, 1, -4, 4), y(n), dy(n, 2), dx(n);
  std::vector<float> host_x = x.download(), host_dy = dy.download(), host_y(size(n)), host_dx(size(n));
  kernels::unary(cpu, op, n, host_x.data(), host_y.data());
  kernels::unary_backward(cpu, op, n, host_y.data(), host_dy.data(), Sink<float>{host_dx.data(), SinkMode::write});
  kernels::gpu::unary(on, op, n, x, y);
  kernels::gpu::unary_backward(on, op, n, y, dy, {dx, SinkMode::write});
  clock.wait();
  const std::string wrong = differs(y.download(), host_y), wrong_dx = differs(dx.download(), host_dx);
  const double bytes = 4.0 * static_cast<double>(n);
  results.add("wengert", name + " forward 2^26 (b1)", "cold",
              clock.call([&](int) { kernels::gpu::unary(on, op, n, x, y); }), {2 * bytes}, wrong);
  results.add("wengert", name + " backward 2^26", "cold", clock.call([&](int) {
    kernels::gpu::unary_backward(on, op, n, y, dy, {dx, SinkMode::write});
  }),
              {3 * bytes}, wrong_dx);
  if constexpr (std::is_same_v<Op, kernels::Relu>) {
    simt::Array<std::uint32_t> mask(size(kernels::gpu::relu_mask_words(n)));
    simt::check(cudaMemset(dx, 0xff, size(4 * n)));
    kernels::gpu::relu_with_mask(on, n, x, y, mask.data());
    kernels::gpu::relu_backward_from_mask(on, n, mask.data(), dy, {dx, SinkMode::write});
    clock.wait();
    const std::string wrong_mask = differs(y.download(), host_y), wrong_from_mask = differs(dx.download(), host_dx);
    results.add("wengert", "relu forward with mask 2^26", "cold",
                clock.call([&](int) { kernels::gpu::relu_with_mask(on, n, x, y, mask.data()); }),
                {(2 + 1.0 / 32) * bytes}, wrong_mask);
    results.add("wengert", "relu backward from mask 2^26 (b2)", "cold", clock.call([&](int) {
      kernels::gpu::relu_backward_from_mask(on, n, mask.data(), dy, {dx, SinkMode::write});
    }),
                {(2 + 1.0 / 32) * bytes}, wrong_from_mask);
  }
}

void optimizers(Clock& clock, Results& results) {
  const On on{clock.stream()};
  simt::Array<double> lr(1);
  lr.upload(std::vector<double>{1e-3});
  simt::Array<std::int32_t> t(1), go(1);
  t.upload(std::vector<std::int32_t>{7});
  go.upload(std::vector<std::int32_t>{0});
  const double rate = 1e-3;
  const std::int32_t step = 7;
  const kernels::AdamRule rule{0.9, 0.999, 1e-8, 0};
  struct Shape {
    const char* name;
    std::int64_t n;
  };
  for (const Shape& shape : {Shape{"100M (e1)", 100 * million}, Shape{"MNIST 203530 (e2)", 203530},
                             Shape{"640000 (e2: 10000 x 64)", 640000}}) {
    const std::int64_t n = shape.n;
    Floats g(n, 1), p(n, 2), m(n, 3), v(n, 4, 0, 1);
    std::vector<float> hg = g.download(), hp = p.download(), hm = m.download(), hv = v.download();
    const auto adam = [&](int) { kernels::gpu::adam(on, rule, n, lr.data(), go.data(), t.data(), g, m, v, p); };
    const auto sgd = [&](int) { kernels::gpu::sgd(on, {0, 0}, n, lr.data(), go.data(), g, nullptr, p); };
    const auto momentum = [&](int) { kernels::gpu::sgd(on, {0.9, 0}, n, lr.data(), go.data(), g, m, p); };
    adam(0);
    sgd(0);
    momentum(0);
    clock.wait();
    kernels::adam(cpu, rule, n, &rate, nullptr, &step, hg.data(), hm.data(), hv.data(), hp.data());
    kernels::sgd(cpu, kernels::SgdRule{0, 0}, n, &rate, nullptr, hg.data(), static_cast<float*>(nullptr), hp.data());
    kernels::sgd(cpu, kernels::SgdRule{0.9, 0}, n, &rate, nullptr, hg.data(), hm.data(), hp.data());
    std::string wrong = differs(p.download(), hp);
    if (wrong.empty()) wrong = differs(m.download(), hm);
    const double bytes = 4.0 * static_cast<double>(n);
    const std::string name = shape.name;
    if (n > million) {
      results.add("wengert", "adam " + name, "cold", clock.call(adam), {7 * bytes}, wrong);
      results.add("wengert", "sgd " + name, "cold", clock.call(sgd), {3 * bytes}, wrong);
      results.add("wengert", "sgd with momentum " + name, "cold", clock.call(momentum), {5 * bytes}, wrong);
      for (const int blocks : {132 * 16, 132 * 256, 97657}) {
        const On other{clock.stream(), blocks};
        results.add("wengert", "adam " + name + ", " + std::to_string(blocks) + " blocks", "cold", clock.call([&](int) {
          kernels::gpu::adam(other, rule, n, lr.data(), go.data(), t.data(), g, m, v, p);
        }),
                    {7 * bytes}, wrong);
      }
    } else {
      results.add("wengert", "adam " + name, "node", clock.node(adam), {7 * bytes}, wrong);
      results.add("wengert", "sgd " + name, "node", clock.node(sgd), {3 * bytes}, wrong);
    }
  }
}

// Some of the elements of a product, in float64: `term(i, j, k)` is what element (i, j) adds up.
template <class Term>
std::string check_product(const std::vector<float>& got, std::int64_t rows, std::int64_t cols, std::int64_t depth,
                          const Term& term, double close) {
  std::vector<double> some, wanted;
  for (int sample = 0; sample < 2000; ++sample) {
    const auto i = static_cast<std::int64_t>(hashed(size(sample), 5, 0, 0.999999f) * static_cast<float>(rows));
    const auto j = static_cast<std::int64_t>(hashed(size(sample), 6, 0, 0.999999f) * static_cast<float>(cols));
    double sum = 0;
    for (std::int64_t k = 0; k < depth; ++k) sum += term(i, j, k);
    some.push_back(static_cast<double>(got[size(i * cols + j)]));
    wanted.push_back(sum);
  }
  return testing::difference(some, wanted, close);
}

void linear(Clock& clock, Results& results, Cublas* cublas, kernels::LinearShape s) {
  using kernels::gpu::Activation;
  const On on{clock.stream()};
  Floats x(s.rows * s.in, 1), w(s.out * s.in, 2), b(s.out, 3), y(s.rows * s.out), dy(s.rows * s.out, 4),
      dx(s.rows * s.in), dw(s.out * s.in), scratch(std::max<std::int64_t>(1, kernels::gpu::linear_scratch(s)));
  simt::Array<unsigned> tickets(size(kernels::gpu::linear_tickets(s)));
  tickets.upload(std::vector<unsigned>(tickets.size(), 0));
  const std::vector<float> hx = x.download(), hw = w.download(), hdy = dy.download();
  const auto at = [](const std::vector<float>& v, std::int64_t i) { return static_cast<double>(v[size(i)]); };
  const auto forward_term = [&](auto i, auto j, auto k) { return at(hx, i * s.in + k) * at(hw, j * s.in + k); };
  const double flops = 2.0 * static_cast<double>(s.rows) * static_cast<double>(s.in) * static_cast<double>(s.out);
  const std::string name = std::to_string(s.rows) + " x " + std::to_string(s.in) + " x " + std::to_string(s.out);
  const bool small = s.rows * s.out < 100'000;
  const auto measure = [&](const std::string& who, const std::string& what, const auto& work, const auto& term,
                           Floats& result, std::int64_t rows, std::int64_t cols, std::int64_t depth, double close) {
    simt::check(cudaMemset(result, 0xff, size(rows * cols) * 4));
    work(0);
    clock.wait();
    const std::string wrong = check_product(result.download(), rows, cols, depth, term, close);
    results.add(who, what + " " + name, "warm", clock.call(work), {0, flops}, wrong);
    if (small) results.add(who, what + " " + name, "node", clock.node(work), {0, flops}, wrong);
  };
  const auto forward = [&](Activation activation, const float* bias) {
    return
        [&, activation, bias](int) { kernels::gpu::linear(on, s, activation, x, w, bias, y, scratch, tickets.data()); };
  };
  measure("wengert", "linear fp32 (a1)", forward(Activation::none, nullptr), forward_term, y, s.rows, s.out, s.in,
          5e-6);
  results.add("wengert", "linear fp32 + bias + relu (a6, a7) " + name, small ? "node" : "warm",
              small ? clock.node(forward(Activation::relu, b)) : clock.call(forward(Activation::relu, b)), {0, flops});
  const auto to_dx = [&](int) {
    kernels::gpu::linear_backward(on, s, x, w, dy, {dx, SinkMode::write}, {nullptr, SinkMode::ignore}, scratch,
                                  tickets.data());
  };
  const auto to_dw = [&](int) {
    kernels::gpu::linear_backward(on, s, x, w, dy, {nullptr, SinkMode::ignore}, {dw, SinkMode::write}, scratch,
                                  tickets.data());
  };
  measure(
      "wengert", "linear fp32 dx", to_dx,
      [&](auto i, auto j, auto k) { return at(hdy, i * s.out + k) * at(hw, k * s.in + j); }, dx, s.rows, s.in, s.out,
      5e-6);
  measure(
      "wengert", "linear fp32 dW", to_dw,
      [&](auto i, auto j, auto k) { return at(hdy, k * s.out + i) * at(hx, k * s.in + j); }, dw, s.out, s.in, s.rows,
      5e-6);
  if (cublas == nullptr) return;
  for (const bool tf32 : {false, true}) {
    const auto peer = [&, tf32](int) {
      cublas->linear(tf32, static_cast<int>(s.rows), static_cast<int>(s.in), static_cast<int>(s.out), x, w, y);
    };
    measure("cublas", tf32 ? "linear tf32" : "linear fp32", peer, forward_term, y, s.rows, s.out, s.in,
            tf32 ? 3e-3 : 5e-6);
  }
}

// A part that fails is noted, and the others go on.
template <class Part>
void attempt(Results& results, const char* name, const Part& part) {
  try {
    part();
  } catch (const std::exception& error) {
    results.miss(name, error.what());
  }
}

}  // namespace
}  // namespace wengert::gpu_bench

int main(int count, char** arguments) {
  using namespace wengert::gpu_bench;
  wengert::set_threads(static_cast<int>(std::thread::hardware_concurrency()));
  Clock clock;
  Results results;
  attempt(results, "machine", [&] { machine(clock, results); });
  attempt(results, "similarity", [&] { similarity(clock, results); });
  attempt(results, "cross-entropy", [&] { cross_entropy(clock, results); });
  attempt(results, "relu", [&] { elementwise(clock, results, wengert::kernels::Relu{}, "relu"); });
  attempt(results, "sigmoid", [&] { elementwise(clock, results, wengert::kernels::Sigmoid{}, "sigmoid"); });
  attempt(results, "optimizers", [&] { optimizers(clock, results); });
  std::unique_ptr<Cublas> cublas;
  attempt(results, "cublas", [&] { cublas = std::make_unique<Cublas>(clock.stream()); });
  for (const wengert::kernels::LinearShape shape : {wengert::kernels::LinearShape{4096, 4096, 4096},
                                                    {8192, 8192, 8192},
                                                    {1024, 1024, 1024},
                                                    {128, 784, 256},
                                                    {20, 2, 4}})
    attempt(results, "linear", [&] { linear(clock, results, cublas.get(), shape); });
  return results.write(count > 1 ? arguments[1] : "/dev/null");
}
