#include "kernels/ops/reduce/reduce.hpp"

#include <algorithm>
#include <type_traits>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/column_sums.hpp"
#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/rows.hpp"

namespace wengert::kernels {
namespace {

// Where in x the outputs' first elements lie (of_reduced false), or the places relative to those (true).
std::int64_t offset(const Reduction& reduction, bool of_reduced, std::int64_t index) {
  std::int64_t result = 0, stride = 1;
  for (auto axis = static_cast<std::size_t>(reduction.rank); axis-- > 0; stride *= reduction.size[axis]) {
    if (reduction.reduced[axis] != of_reduced) continue;
    result += index % reduction.size[axis] * stride;
    index /= reduction.size[axis];
  }
  return result;
}

// body(first output, end) on several threads if there is much to reduce.
template <class F>
void for_outputs(const Reduction& reduction, const F& body) {
  cpu::for_ranges(reduction.outputs(), body,
                  std::max<std::int64_t>(1, cpu::grain / std::max<std::int64_t>(1, reduction.count(true))));
}

}  // namespace

template <class T>
void sum_over(Stream&, Reduction reduction, const T* x, T divisor, Sink<T> y) {
  using Total = math::Wrapping<T>;
  if (!y.wanted()) return;
  const std::int64_t outputs = reduction.outputs(), count = reduction.count(true);
  const auto finish = [=](std::int64_t o, Total sum) { y.put(o, static_cast<T>(sum) / divisor); };
  if (reduction.by_columns()) {
    const std::int64_t cols = reduction.size[static_cast<std::size_t>(reduction.rank) - 1];
    for (std::int64_t o = 0; o < outputs; o += cols) {
      cpu::column_sums<Total>(x + o * count, count, cols, cols, [&](std::int64_t c, Total sum) { finish(o + c, sum); });
    }
    return;
  }
  for_outputs(reduction, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      if (reduction.by_rows()) {
        finish(o, sum_tree::sum<Total>(count,
                                       [row = x + o * count](std::int64_t r) { return static_cast<Total>(row[r]); }));
      } else {
        const T* const first = x + offset(reduction, false, o);
        finish(o, sum_tree::sum<Total>(
                      count, [&](std::int64_t r) { return static_cast<Total>(first[offset(reduction, true, r)]); }));
      }
    }
  });
}

template <class T>
void expand(Stream&, Reduction reduction, const T* y, T divisor, Sink<T> x) {
  cpu::store_rows(over_inputs(reduction), y, y, x, [divisor](std::int64_t, T from, T) { return from / divisor; });
}

namespace {

// f(place, index in x) for each element that is reduced into output o, in order. Rows are walked along; elsewhere an
// index is taken apart into its axes, which is slow beside a sum's loops, but maxima over leading axes are rare.
template <class F>
void for_places(const Reduction& reduction, std::int64_t o, const F& f) {
  const std::int64_t count = reduction.count(true);
  if (reduction.by_rows()) {
    for (std::int64_t r = 0; r < count; ++r) f(r, o * count + r);
  } else {
    const std::int64_t first = offset(reduction, false, o);
    for (std::int64_t r = 0; r < count; ++r) f(r, first + offset(reduction, true, r));
  }
}

}  // namespace

template <class T>
void max_over(Stream&, Reduction reduction, const T* x, T* y) {
  const std::int64_t count = reduction.count(true);
  for_outputs(reduction, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      if (reduction.by_rows()) {
        y[o] = cpu::maximum(x + o * count, count);
      } else {
        T best = x[offset(reduction, false, o)];
        for_places(reduction, o, [&](std::int64_t, std::int64_t i) { best = cpu::greater(best, x[i]); });
        y[o] = best;
      }
    }
  });
}

template <class T>
void max_backward(Stream&, Reduction reduction, const T* x, const T* y, const T* dy, Sink<T> dx) {
  if (!dx.wanted()) return;
  for_outputs(reduction, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      std::int64_t maxima = 0;
      for_places(reduction, o, [&](std::int64_t, std::int64_t i) { maxima += x[i] == y[o]; });
      const T share = dy[o] / static_cast<T>(maxima);
      for_places(reduction, o, [&](std::int64_t, std::int64_t i) { dx.put(i, share * T(x[i] == y[o])); });
    }
  });
}

template <class T>
void argmax_over(Stream&, Reduction reduction, const T* x, std::int32_t* y) {
  for_outputs(reduction, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      T best = x[offset(reduction, false, o)];
      std::int64_t where = 0;
      for_places(reduction, o, [&](std::int64_t r, std::int64_t i) {
        if (x[i] > best || (x[i] != x[i] && best == best)) {
          best = x[i];
          where = r;
        }
      });
      y[o] = static_cast<std::int32_t>(where);
    }
  });
}

template <class T>
struct ReduceKernels {
  static inline const cpu::Offer<&sum_over<T>, &max_over<T>, &argmax_over<T>> offer;
};
template <class T>
struct GradientKernels {
  static inline const cpu::Offer<&expand<T>, &max_backward<T>> offer;
};
template struct ReduceKernels<float>;
template struct ReduceKernels<double>;
template struct ReduceKernels<std::int32_t>;
template struct GradientKernels<float>;
template struct GradientKernels<double>;

}  // namespace wengert::kernels
