#include "kernels/ops/optimizer/optimizer.hpp"

#include <cmath>
#include <limits>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {
namespace {

bool stopped(const std::int32_t* stop) { return stop != nullptr && *stop != 0; }

// g + decay p; without decay g itself, so that parameters which are not finite do not reach it.
template <class T>
T decayed(T g, T decay, T p) {
  return decay == T(0) ? g : g + decay * p;
}

// Where gradients stay 0, as of a pixel that is always blank, a moment shrinks until it is subnormal and stays so for
// good, since 0.9 times the least number rounds to itself. A processor takes a hundred times longer for such numbers.
template <class T>
T normal_or_zero(T x) {
  return math::abs(x) < std::numeric_limits<T>::min() ? T(0) : x;
}

}  // namespace

template <class T>
void sgd(Stream&, SgdRule rule, std::int64_t n, const double* lr, const std::int32_t* stop, const T* g, T* v, T* p) {
  if (stopped(stop)) return;
  const T rate = static_cast<T>(*lr), momentum = static_cast<T>(rule.momentum),
          decay = static_cast<T>(rule.weight_decay);
  cpu::for_ranges(n, [=](std::int64_t begin, std::int64_t end) {
    if (v == nullptr) {
      for (std::int64_t i = begin; i < end; ++i) p[i] -= rate * decayed(g[i], decay, p[i]);
    } else {
      for (std::int64_t i = begin; i < end; ++i) {
        v[i] = normal_or_zero(momentum * v[i] + decayed(g[i], decay, p[i]));
        p[i] -= rate * v[i];
      }
    }
  });
}

void count_step(Stream&, std::int64_t n, const std::int32_t* stop, std::int32_t* t) {
  if (stopped(stop)) return;
  for (std::int64_t i = 0; i < n; ++i) ++t[i];
}

template <class T>
void adam(Stream&, AdamRule rule, std::int64_t n, const double* lr, const std::int32_t* stop, const std::int32_t* t,
          const T* g, T* m, T* v, T* p) {
  if (stopped(stop)) return;
  const T beta1 = static_cast<T>(rule.beta1), beta2 = static_cast<T>(rule.beta2);
  const T rest1 = static_cast<T>(1 - rule.beta1), rest2 = static_cast<T>(1 - rule.beta2);
  const T decay = static_cast<T>(rule.weight_decay), eps = static_cast<T>(rule.eps);
  const T rate = static_cast<T>(*lr / (1 - math::integer_power(rule.beta1, *t)));
  const T root = static_cast<T>(math::sqrt(1 - math::integer_power(rule.beta2, *t)));
  cpu::for_ranges(n, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T slope = decayed(g[i], decay, p[i]);
      m[i] = normal_or_zero(beta1 * m[i] + rest1 * slope);
      v[i] = beta2 * v[i] + rest2 * (slope * slope);
      p[i] -= rate * (m[i] / (math::sqrt(v[i]) / root + eps));
    }
  });
}

template <class T>
void flag_nonfinite(Stream&, std::int64_t n, const T* x, std::int32_t* flag) {
  for (std::int64_t i = 0; i < n; ++i) {
    if (!(math::abs(x[i]) <= std::numeric_limits<T>::max())) *flag = 1;
  }
}

template <class T>
void sum_squares(Stream&, std::int64_t n, const T* x, T* sum) {
  *sum = sum_tree::sum<T>(n, [=](std::int64_t i) { return x[i] * x[i]; });
}

template <class T>
void clip_factor(Stream&, std::int64_t partials, const T* sums, double max_norm, T* norm, T* factor) {
  *norm = math::sqrt(sum_tree::sum<T>(partials, sum_tree::Stored<T>{sums}));
  const T ratio = static_cast<T>(max_norm) / (*norm + T(1e-6));
  *factor = ratio > T(1) ? T(1) : ratio;  // a norm that is NaN shows in the gradients
}

template <class T>
struct OptimizerKernels {
  static inline const cpu::Offer<&sgd<T>, &adam<T>, &flag_nonfinite<T>, &sum_squares<T>, &clip_factor<T>> offer;
};
template struct OptimizerKernels<float>;
template struct OptimizerKernels<double>;
const cpu::Offer<&count_step> count_step_offer;

}  // namespace wengert::kernels
