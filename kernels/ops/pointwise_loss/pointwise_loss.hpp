// Losses that compare prediction and target element by element and take the mean: mse, bce, bce with logits.
//
//   mse              l = (x - t)^2                                       dl/dx = 2 (x - t)
//   bce              l = -(t max(log x, -100) + (1 - t) max(log(1 - x), -100))
//                                                                        dl/dx = (x - t) / max(x (1 - x), 1e-12)
//   bce with logits  l = max(x, 0) - x t + log1p(e^-|x|)                 dl/dx = sigmoid(x) - t
//   loss = mean of l;  dx = dloss / n * dl/dx.   The clamps at -100 and 1e-12 are PyTorch's (binary_cross_entropy).
//
//   shapes       x, t and dx have n elements, loss is one number.   dtypes  float32, float64.
//   backward     reads x, t and dloss. No gradient reaches the target.
//   extremes     n = 0 gives NaN (0 / 0), as PyTorch; bce of x outside [0, 1] is NaN.
//   determinism  the mean in the fixed tree.   bytes  forward 2n, backward 3n, times sizeof(T)
#pragma once

#include <cstdint>

#include "kernels/base/math.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct SquaredError {
  static constexpr const char* name = "mse";
  static constexpr Words words{.forward = "the mean of (x₁ − x₂)²", .local = {"2 (x₁ − x₂) / n"}};
  template <class T>
  static constexpr T value(T x, T t) {
    return (x - t) * (x - t);
  }
  template <class T>
  static constexpr T slope(T x, T t) {
    return T(2) * (x - t);
  }
};
struct BinaryCrossEntropy {
  static constexpr const char* name = "bce";
  static constexpr Words words{.forward = "the mean of −x₂ log x₁ − (1 − x₂) log(1 − x₁)",
                               .local = {"(x₁ − x₂) / (x₁ (1 − x₁) n)"}};
  template <class T>
  static constexpr T clamped_log(T x) {
    const T l = math::log(x);
    return l < T(-100) ? T(-100) : l;
  }
  template <class T>
  static constexpr T value(T x, T t) {
    return (t - T(1)) * clamped_log(T(1) - x) - t * clamped_log(x);
  }
  template <class T>
  static constexpr T slope(T x, T t) {
    const T variance = x * (T(1) - x);
    return (x - t) / (variance < T(1e-12) ? T(1e-12) : variance);
  }
};
struct BinaryCrossEntropyWithLogits {
  static constexpr const char* name = "bce_with_logits";
  static constexpr Words words{.forward = "bce of sigmoid(x₁) and x₂", .local = {"(sigmoid(x₁) − x₂) / n"}};
  template <class T>
  static constexpr T value(T x, T t) {
    return (x < T(0) ? T(0) : x) - x * t + math::log1p(math::exp(-math::abs(x)));
  }
  template <class T>
  static constexpr T slope(T x, T t) {
    return T(1) / (T(1) + math::exp(-x)) - t;
  }
};

template <class Loss, class T>
void pointwise_loss(Stream&, std::int64_t n, const T* x, const T* target, T* loss);
template <class Loss, class T>
void pointwise_loss_backward(Stream&, std::int64_t n, const T* x, const T* target, const T* dloss, Sink<T> dx);

}  // namespace wengert::kernels
