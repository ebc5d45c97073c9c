#include "kernels/cross_entropy.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/error.hpp"
#include "kernels/math.hpp"
#include "kernels/sum_tree.hpp"

namespace wengert::kernels {
namespace {

template <class F>
void for_each_row(Rows s, const F& body) {
  const auto some_rows = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) body(row);
  };
  cpu::for_ranges(s.rows, some_rows, std::max<std::int64_t>(1, cpu::grain / std::max<std::int64_t>(1, s.cols)));
}

template <class T>
void log_sum_exp(Rows s, const T* x, T* lse) {
  for_each_row(s, [=](std::int64_t r) {
    const T* const row = x + r * s.cols;
    const T highest = s.cols > 0 ? cpu::maximum(row, s.cols) : -std::numeric_limits<T>::infinity();
    lse[r] = highest + math::log(sum_tree::sum<T>(s.cols, [=](std::int64_t c) { return math::exp(row[c] - highest); }));
  });
}

void check_labels(Rows s, const std::int32_t* labels) {
  for (std::int64_t r = 0; r < s.rows; ++r) {
    if (labels[r] < 0 || labels[r] >= s.cols) {
      fail("cross_entropy: label ", labels[r], " of row ", r, " is out of range: there are ", s.cols, " classes");
    }
  }
}

}  // namespace

template <class T>
void cross_entropy(Stream&, Rows s, const T* x, const std::int32_t* labels, T* lse, T* loss) {
  check_labels(s, labels);
  log_sum_exp(s, x, lse);
  *loss = sum_tree::sum<T>(s.rows, [=](std::int64_t r) { return lse[r] - x[r * s.cols + labels[r]]; }) /
          static_cast<T>(s.rows);
}

template <class T>
void cross_entropy_backward(Stream&, Rows s, const T* x, const std::int32_t* labels, const T* lse, const T* dloss,
                            Sink<T> dx) {
  if (!dx.wanted()) return;
  const T scale = *dloss / static_cast<T>(s.rows);
  for_each_row(s, [=](std::int64_t r) {
    const T *row = x + r * s.cols, total = lse[r];
    const std::int64_t label = labels[r];
    cpu::store_range(Sink<T>{dx.data + r * s.cols, dx.mode}, 0, s.cols,
                     [=](std::int64_t c) { return scale * (math::exp(row[c] - total) - (c == label ? T(1) : T(0))); });
  });
}

template <class T>
void soft_cross_entropy(Stream&, Rows s, const T* x, const T* p, T* lse, T* mass, T* loss) {
  log_sum_exp(s, x, lse);
  for_each_row(s, [=](std::int64_t r) {
    mass[r] = sum_tree::sum<T>(s.cols, [row = p + r * s.cols](std::int64_t c) { return row[c]; });
  });
  const auto row_loss = [=](std::int64_t r) {
    const T *row = x + r * s.cols, *weight = p + r * s.cols, total = lse[r];
    return sum_tree::sum<T>(s.cols,
                            [=](std::int64_t c) { return weight[c] == T(0) ? T(0) : weight[c] * (total - row[c]); });
  };
  *loss = sum_tree::sum<T>(s.rows, row_loss) / static_cast<T>(s.rows);
}

template <class T>
void soft_cross_entropy_backward(Stream&, Rows s, const T* x, const T* p, const T* lse, const T* mass, const T* dloss,
                                 Sink<T> dx) {
  if (!dx.wanted()) return;
  const T scale = *dloss / static_cast<T>(s.rows);
  for_each_row(s, [=](std::int64_t r) {
    const T *row = x + r * s.cols, *weight = p + r * s.cols, total = lse[r], all = mass[r];
    cpu::store_range(Sink<T>{dx.data + r * s.cols, dx.mode}, 0, s.cols,
                     [=](std::int64_t c) { return scale * (math::exp(row[c] - total) * all - weight[c]); });
  });
}

template <class T>
struct CrossEntropyKernels {
  static constexpr std::tuple kernels{&cross_entropy<T>, &cross_entropy_backward<T>, &soft_cross_entropy<T>,
                                      &soft_cross_entropy_backward<T>};
};
template struct CrossEntropyKernels<float>;
template struct CrossEntropyKernels<double>;

}  // namespace wengert::kernels
