// The two-blob step with its gradients derived and fused by hand: no engine at all, the limit for one.
#include <cmath>

#include "bench/contest.hpp"

namespace wengert::bench {
namespace {

constexpr int hidden = 4;

struct Parameters {
  float w1[hidden][2], b1[hidden], w2[hidden], b2;
};
static_assert(sizeof(Parameters) == TwoBlobs::parameters * sizeof(float));

class HandDerivedStep : public Run {
 public:
  HandDerivedStep() {
    std::copy(data_.old_model.begin(), data_.old_model.end(), &a_.w1[0][0]);
    std::copy(data_.model.begin(), data_.model.end(), &b_.w1[0][0]);
  }

  void step() override {
    Parameters gradient{};
    float loss = fit(gradient);
    loss += push(&a_.w1[0][0], &b_.w1[0][0], &gradient.w1[0][0], 2 * hidden);
    loss += push(a_.b1, b_.b1, gradient.b1, hidden);
    loss += push(a_.w2, b_.w2, gradient.w2, hidden);
    loss += push(&a_.b2, &b_.b2, &gradient.b2, 1);
    loss_ = loss;
    float* const parameters = &b_.w1[0][0];
    const float* const slopes = &gradient.w1[0][0];
    for (int i = 0; i < TwoBlobs::parameters; ++i) parameters[i] -= TwoBlobs::lr * slopes[i];
  }
  std::vector<float> result() override { return {&b_.w1[0][0], &b_.w1[0][0] + TwoBlobs::parameters}; }

 private:
  float fit(Parameters& gradient) const {
    float loss = 0;
    for (int i = 0; i < TwoBlobs::points; ++i) {
      const float *x = &data_.x[2 * static_cast<std::size_t>(i)], y = data_.y[static_cast<std::size_t>(i)];
      float h[hidden], z = b_.b2;
      for (int j = 0; j < hidden; ++j) {
        h[j] = std::fmax(b_.w1[j][0] * x[0] + b_.w1[j][1] * x[1] + b_.b1[j], 0.f);
        z += b_.w2[j] * h[j];
      }
      const float s = 1 / (1 + std::exp(-z));
      loss -= y * std::fmax(std::log(s), -100.f) + (1 - y) * std::fmax(std::log(1 - s), -100.f);
      const float dz = (s - y) / TwoBlobs::points;
      gradient.b2 += dz;
      for (int j = 0; j < hidden; ++j) {
        gradient.w2[j] += dz * h[j];
        const float dh = h[j] > 0 ? dz * b_.w2[j] : 0;
        gradient.b1[j] += dh;
        gradient.w1[j][0] += dh * x[0];
        gradient.w1[j][1] += dh * x[1];
      }
    }
    return loss / TwoBlobs::points;
  }

  static float push(const float* a, const float* b, float* gradient, int n) {
    float distance = 0;
    for (int i = 0; i < n; ++i) distance += std::fabs(a[i] - b[i]);
    const float similarity = 1 / distance;
    for (int i = 0; i < n; ++i) {
      const float sign = static_cast<float>(a[i] > b[i]) - static_cast<float>(a[i] < b[i]);
      gradient[i] += sign * similarity * similarity;
    }
    return similarity;
  }

  TwoBlobs data_;
  Parameters a_, b_;
  volatile float loss_ = 0;
};

}  // namespace
}  // namespace wengert::bench

void wengert_bench_contestants(std::vector<wengert::bench::Contestant>& contestants) {
  using namespace wengert::bench;
  contestants.push_back({"hand_derived", [](const Problem& problem) -> std::unique_ptr<Run> {
                           return problem.work == "two_blobs_step" ? std::make_unique<HandDerivedStep>() : nullptr;
                         }});
}
