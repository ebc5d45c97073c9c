// Softmax and its logarithm along rows.
//
//   softmax      y = e^(x - max) / sum e^(x - max)      dx = y * (dy - sum(y dy))
//   log_softmax  y = x - lse, lse = max + log sum e^(x - max)     dx = dy - e^y sum(dy)
//
//   shapes       (rows, cols), row-major.   dtypes  float32, float64.
//   backward     reads y and dy.
//   extremes     large logits do not overflow; a row with +inf, NaN or only -inf gives NaN, as in PyTorch.
//   determinism  row sums in the fixed tree.   bytes  forward 2n, backward 3n, times sizeof(T), n = rows cols
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

template <class T>
void softmax(Stream&, std::int64_t rows, std::int64_t cols, const T* x, T* y);
template <class T>
void softmax_backward(Stream&, std::int64_t rows, std::int64_t cols, const T* y, const T* dy, Sink<T> dx);
template <class T>
void log_softmax(Stream&, std::int64_t rows, std::int64_t cols, const T* x, T* y);
template <class T>
void log_softmax_backward(Stream&, std::int64_t rows, std::int64_t cols, const T* y, const T* dy, Sink<T> dx);

struct Softmax {
  static constexpr const char* name = "softmax";
  static constexpr Words words{.forward = "exp(x₁) / Σ exp(x₁)", .local = {"out (u − Σ u out)"}};
  template <class T>
  static constexpr auto value = &softmax<T>;
  template <class T>
  static constexpr auto gradient = &softmax_backward<T>;
};
struct LogSoftmax {
  static constexpr const char* name = "log_softmax";
  static constexpr Words words{.forward = "x₁ − log Σ exp(x₁)", .local = {"u − exp(out) Σu"}};
  template <class T>
  static constexpr auto value = &log_softmax<T>;
  template <class T>
  static constexpr auto gradient = &log_softmax_backward<T>;
};

}  // namespace wengert::kernels
