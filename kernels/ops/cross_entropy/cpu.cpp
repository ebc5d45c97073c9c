#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <algorithm>

#include "kernels/base/error.hpp"
#include "kernels/base/memory.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/ops/cross_entropy/cpu_softmax_rows.hpp"

namespace wengert::kernels {
namespace {

void check_labels(Rows s, const std::int32_t* labels) {
  const auto wrong = [=](std::int32_t label) { return label < 0 || label >= s.cols; };
  const std::int64_t r = std::find_if(labels, labels + s.rows, wrong) - labels;
  if (r < s.rows)
    fail("cross_entropy: label ", labels[r], " of row ", r, " is out of range: there are ", s.cols, " classes");
}

/// A few neighbouring rows, so few that what is worked out of them is still in the cache: their logits, log sum e^x of
/// each, and the softmax / rows, which is to become the gradient; null if none is wanted.
template <class T>
struct SomeRows {
  std::int64_t first, count;
  const T *x, *lse;
  T* gradient;
};

/// The mean of the rows' losses. finish(some, loss) finishes the gradient of some rows, and writes a loss for each.
template <class T, class Finish>
T mean_loss(Rows s, const T* x, T* dx, const Finish& finish) {
  PoolVector<T> loss(static_cast<std::size_t>(s.rows));
  const T share = T(1) / static_cast<T>(s.rows);
  const std::int64_t together = s.cols <= cpu::short_row ? cpu::rows_together : 1;
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    std::array<T, cpu::rows_together> lse;
    for (std::int64_t row = begin; row < end; row += together) {
      const SomeRows<T> some{row, std::min(together, end - row), x + row * s.cols, lse.data(),
                             dx ? dx + row * s.cols : nullptr};
      if (s.cols <= cpu::short_row) {
        cpu::softmax_of_short_rows(some.count, s.cols, some.x, share, lse.data(), some.gradient);
      } else {
        lse[0] = cpu::softmax_of_long_row(s.cols, some.x, share, some.gradient);
      }
      finish(some, loss.data() + row);
    }
  };
  cpu::for_ranges(s.rows, work, std::max<std::int64_t>(1, cpu::grain / std::max<std::int64_t>(1, s.cols)));
  return sum_tree::sum<T>(s.rows, sum_tree::Stored<T>{loss.data()}) / static_cast<T>(s.rows);
}

}  // namespace

template <class T>
void cross_entropy(Stream&, Rows s, const T* x, const std::int32_t* labels, T* loss, T* dx) {
  check_labels(s, labels);
  const T share = T(1) / static_cast<T>(s.rows);
  *loss = mean_loss(s, x, dx, [=](const SomeRows<T>& some, T* loss_of) {
    for (std::int64_t r = 0; r < some.count; ++r) {
      const std::int64_t at = r * s.cols + labels[some.first + r];
      loss_of[r] = some.lse[r] - some.x[at];
      if (some.gradient) some.gradient[at] -= share;
    }
  });
}

template <class T>
void soft_cross_entropy(Stream&, Rows s, const T* x, const T* p, T* loss, T* dx) {
  const T share = T(1) / static_cast<T>(s.rows);
  *loss = mean_loss(s, x, dx, [=](const SomeRows<T>& some, T* loss_of) {
    for (std::int64_t r = 0; r < some.count; ++r) {
      const T *row = some.x + r * s.cols, *weight = p + (some.first + r) * s.cols, lse = some.lse[r];
      loss_of[r] = sum_tree::sum<T>(
          s.cols, [=](std::int64_t c) { return weight[c] == T(0) ? T(0) : weight[c] * (lse - row[c]); });
      if (!some.gradient) continue;
      const T mass = sum_tree::sum<T>(s.cols, sum_tree::Stored<T>{weight});
      T* const gradient = some.gradient + r * s.cols;
      for (std::int64_t c = 0; c < s.cols; ++c) gradient[c] = gradient[c] * mass - weight[c] * share;
    }
  });
}

template <class T>
struct CrossEntropyKernels {
  static inline const cpu::Offer<&cross_entropy<T>, &soft_cross_entropy<T>> offer;
};
template struct CrossEntropyKernels<float>;
template struct CrossEntropyKernels<double>;

}  // namespace wengert::kernels
