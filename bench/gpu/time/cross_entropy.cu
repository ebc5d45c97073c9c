#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "bench/gpu/timing.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_bench {
namespace {

// Logits, both kinds of target, and what the kernels need besides.
struct Classes {
  explicit Classes(kernels::Rows shape, bool probabilities)
      : s(shape),
        x(s.rows * s.cols, 1, -5, 5),
        dx(s.rows * s.cols),
        p(probabilities ? s.rows * s.cols : 1, 2, 0, 1),
        loss(1),
        host_labels(labels_of(s)),
        labels(uploaded(host_labels)) {}
  static std::vector<std::int32_t> labels_of(kernels::Rows s) {
    std::vector<std::int32_t> labels;
    for (std::int64_t r = 0; r < s.rows; ++r)
      labels.push_back(static_cast<std::int32_t>(hashed(size(r), 4, 0, 1) * static_cast<float>(s.cols)));
    return labels;
  }
  void both(GpuStream& on, bool soft) { work(on, soft, dx); }
  void forward(GpuStream& on, bool soft) { work(on, soft, nullptr); }
  // Some rows, from the first to the last, in float64, and the mean of all rows' losses.
  std::string verify(GpuStream& on, bool soft) {
    erase(dx, s.rows * s.cols);
    both(on, soft);
    simt::check(cudaDeviceSynchronize());
    const std::vector<float> gradient = dx.download();
    const double got = static_cast<double>(loss.download()[0]);
    const std::int64_t step = std::max<std::int64_t>(1, s.rows / 97);
    const double scale = 1 / static_cast<double>(s.rows);
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
    }
    if (soft) return {};
    double mean = 0;  // of what the gradient in the column after the label's says that the rows' losses are
    for (std::int64_t r = 0; r < s.rows; ++r) {
      const std::int64_t label = host_labels[size(r)], other = (label + 1) % s.cols;
      const auto logit = [&](std::int64_t c) { return static_cast<double>(hashed(size(r * s.cols + c), 1, -5, 5)); };
      const double softmax = static_cast<double>(gradient[size(r * s.cols + other)]) / scale;
      mean += scale * (logit(other) - std::log(softmax) - logit(label));
    }
    return std::abs(mean - got) <= 1e-5 * mean ? "" : "the loss";
  }

  kernels::Rows s;
  Floats x, dx, p, loss;
  std::vector<std::int32_t> host_labels;
  simt::Array<std::int32_t> labels;

 private:
  void work(GpuStream& on, bool soft, float* gradient) {
    if (soft) {
      run<&kernels::soft_cross_entropy<float>>(on, s, x, p, loss, gradient);
    } else {
      run<&kernels::cross_entropy<float>>(on, s, x, labels.data(), loss, gradient);
    }
  }
};

// The same problem several times, which take turns: in all more than any L2 cache holds, so that none of it is there.
using Copies = std::vector<std::unique_ptr<Classes>>;

Copies copies_of(kernels::Rows s, bool probabilities) {
  constexpr std::int64_t at_least = std::int64_t{128} << 20;  // numbers
  Copies copies;
  const bool is_one_enough =
      s.rows * s.cols < million || s.rows * s.cols >= at_least;  // small ones are timed as they are
  const std::int64_t count = is_one_enough ? 1 : at_least / (s.rows * s.cols) + 1;
  while (static_cast<std::int64_t>(copies.size()) < count)
    copies.push_back(std::make_unique<Classes>(s, probabilities));
  return copies;
}

// The loss with its gradient, and alone, for one kind of target.
void measure(Clock& clock, Results& results, const Copies& copies, const std::string& shape, bool soft) {
  GpuStream& on = clock.on();
  Classes& all = *copies.front();
  const double numbers = static_cast<double>(all.s.rows) * static_cast<double>(all.s.cols), kinds = soft ? 2 : 1;
  const std::string name = soft ? "soft cross-entropy " : "cross-entropy ";
  const bool small = numbers < static_cast<double>(million);
  const auto add = [&](const std::string& what, double arrays, const auto& work, const std::string& wrong) {
    const auto call = [&](int turn) { work(*copies[size(turn) % copies.size()]); };
    results.add("wengert", name + what + " " + shape, small ? "node" : "cold",
                small ? clock.node(call) : clock.call(call), {4 * arrays * numbers}, wrong);
  };
  const auto both = [&](Classes& each) { each.both(on, soft); };
  const std::string wrong = all.verify(on, soft);
  add("fwd+bwd", 1 + kinds, both, wrong);
  add(
      "forward", kinds, [&](Classes& each) { each.forward(on, soft); }, wrong);
  if (all.s.cols <= 100'000) return;
  for (const int blocks : {66, 99, 132, 198}) {  // the fewer rows at once, the more of them stay in the L2 cache
    const AtMost few(blocks, on);
    add("fwd+bwd, " + std::to_string(blocks) + " blocks,", 1 + kinds, both, wrong);
  }
}

void cross_entropy(Clock& clock, Results& results) {
  struct Shape {
    const char* name;
    kernels::Rows s;
    bool soft;
  };
  for (const Shape& shape :
       {Shape{"8192 x 32000 (c1, c3)", {8192, 32000}, true}, Shape{"8192 x 128256 (c2)", {8192, 128256}, false},
        Shape{"1M x 10 (c4)", {million, 10}, true}, Shape{"262144 x 128", {262144, 128}, true},
        Shape{"65536 x 1000", {65536, 1000}, true}, Shape{"128 x 10 (c4)", {128, 10}, true}}) {
    const Copies copies = copies_of(shape.s, shape.soft);
    measure(clock, results, copies, shape.name, false);
    if (shape.soft) measure(clock, results, copies, shape.name, true);
  }
}

const Part part("cross-entropy", cross_entropy);

}  // namespace
}  // namespace wengert::gpu_bench
