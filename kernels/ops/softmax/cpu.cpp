#include "kernels/ops/softmax/softmax.hpp"

#include <algorithm>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {
namespace {

// body(offset of the row), on several threads if there is much to do.
template <class F>
void for_each_row(std::int64_t rows, std::int64_t cols, const F& body) {
  if (cols == 0) return;
  const auto some_rows = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) body(row * cols);
  };
  cpu::for_ranges(rows, some_rows, std::max<std::int64_t>(1, cpu::grain / cols));
}

template <class T>
T sum_of(std::int64_t n, const T* x) {
  return sum_tree::sum<T>(n, sum_tree::Stored<T>{x});
}

}  // namespace

template <class T>
void softmax(Stream&, std::int64_t rows, std::int64_t cols, const T* x, T* y) {
  for_each_row(rows, cols, [=](std::int64_t at) {
    const T* const in = x + at;
    T* const out = y + at;
    const T highest = cpu::maximum(in, cols);
    for (std::int64_t c = 0; c < cols; ++c) out[c] = math::exp_nonpositive(in[c] - highest);
    const T total = sum_of(cols, static_cast<const T*>(out));
    for (std::int64_t c = 0; c < cols; ++c) out[c] = out[c] / total;
  });
}

template <class T>
void softmax_backward(Stream&, std::int64_t rows, std::int64_t cols, const T* y, const T* dy, Sink<T> dx) {
  if (!dx.wanted()) return;
  for_each_row(rows, cols, [=](std::int64_t at) {
    const T *out = y + at, *up = dy + at;
    const T inner = sum_tree::sum<T>(cols, [=](std::int64_t c) { return out[c] * up[c]; });
    cpu::store_range(Sink<T>{dx.data + at, dx.mode}, 0, cols, [=](std::int64_t c) { return out[c] * (up[c] - inner); });
  });
}

template <class T>
void log_softmax(Stream&, std::int64_t rows, std::int64_t cols, const T* x, T* y) {
  for_each_row(rows, cols, [=](std::int64_t at) {
    const T* const in = x + at;
    T* const out = y + at;
    const T highest = cpu::maximum(in, cols);
    for (std::int64_t c = 0; c < cols; ++c) out[c] = math::exp_nonpositive(in[c] - highest);
    const T log_total = math::log(sum_of(cols, static_cast<const T*>(out)));
    // x - (max + log) would lose log's digits beside a large max.
    for (std::int64_t c = 0; c < cols; ++c) out[c] = (in[c] - highest) - log_total;
  });
}

template <class T>
void log_softmax_backward(Stream&, std::int64_t rows, std::int64_t cols, const T* y, const T* dy, Sink<T> dx) {
  if (!dx.wanted()) return;
  for_each_row(rows, cols, [=](std::int64_t at) {
    const T *out = y + at, *up = dy + at;
    const T total = sum_of(cols, up);
    cpu::store_range(Sink<T>{dx.data + at, dx.mode}, 0, cols,
                     [=](std::int64_t c) { return up[c] - math::exp_nonpositive(out[c]) * total; });
  });
}

template <class T>
struct SoftmaxKernels {
  static inline const cpu::Offer<&softmax<T>, &softmax_backward<T>, &log_softmax<T>, &log_softmax_backward<T>> offer;
};
template struct SoftmaxKernels<float>;
template struct SoftmaxKernels<double>;

}  // namespace wengert::kernels
