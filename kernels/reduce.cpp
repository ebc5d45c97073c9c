#include "kernels/reduce.hpp"

#include <algorithm>
#include <tuple>
#include <type_traits>

#include "kernels/cpu/column_sums.hpp"
#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/rows.hpp"
#include "kernels/math.hpp"
#include "kernels/sum_tree.hpp"

namespace wengert::kernels {
namespace {

// Of each element of x: operand a is its output's index, operand b its place r among the elements reduced into that.
Broadcast outputs_and_places(const Reduction& reduction) {
  Broadcast loop;
  loop.rank = reduction.rank;
  loop.size = reduction.size;
  std::int64_t outputs = 1, places = 1;
  for (auto axis = static_cast<std::size_t>(reduction.rank); axis-- > 0;) {
    (reduction.reduced[axis] ? loop.stride_b : loop.stride_a)[axis] = reduction.reduced[axis] ? places : outputs;
    (reduction.reduced[axis] ? places : outputs) *= reduction.size[axis];
  }
  return loop;
}

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

// What is reduced into one output lies side by side in x, and so do the outputs' runs.
bool by_rows(const Reduction& r) { return r.rank == 0 || (r.rank == 1 && r.reduced[0]) || (r.rank == 2 && r.reduced[1]); }
// Axes (reduced, kept) or (kept, reduced, kept): sums down columns.
bool by_columns(const Reduction& r) {
  return r.rank > 0 && r.rank <= 3 && !r.reduced[static_cast<std::size_t>(r.rank) - 1] && (r.rank != 3 || r.reduced[1]);
}

// body(first output, end) on several threads if there is much to reduce.
template <class F>
void for_outputs(const Reduction& reduction, const F& body) {
  cpu::for_ranges(reduction.outputs(), body, std::max<std::int64_t>(1, cpu::grain / std::max<std::int64_t>(1, reduction.count(true))));
}

}  // namespace

template <class T>
void sum_over(Stream&, Reduction reduction, const T* x, T divisor, Sink<T> y) {
  using Sum = math::Wrapping<T>;
  if (!y.wanted()) return;
  const std::int64_t outputs = reduction.outputs(), count = reduction.count(true);
  const auto finish = [=](std::int64_t o, Sum sum) { y.put(o, static_cast<T>(sum) / divisor); };
  if (by_columns(reduction)) {
    const std::int64_t cols = reduction.size[static_cast<std::size_t>(reduction.rank) - 1];
    for (std::int64_t o = 0; o < outputs; o += cols) {
      cpu::column_sums<Sum>(x + o * count, count, cols, cols, [&](std::int64_t c, Sum sum) { finish(o + c, sum); });
    }
    return;
  }
  for_outputs(reduction, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      if (by_rows(reduction)) {
        finish(o, sum_tree::sum<Sum>(count, [row = x + o * count](std::int64_t r) { return static_cast<Sum>(row[r]); }));
      } else {
        const T* const first = x + offset(reduction, false, o);
        finish(o, sum_tree::sum<Sum>(count, [&](std::int64_t r) { return static_cast<Sum>(first[offset(reduction, true, r)]); }));
      }
    }
  });
}

template <class T>
void expand(Stream&, Reduction reduction, const T* y, T divisor, Sink<T> x) {
  cpu::store_rows(outputs_and_places(reduction), y, y, x, [divisor](std::int64_t, T from, T) { return from / divisor; });
}

template <class T>
void max_over(Stream&, Reduction reduction, const T* x, T* y) {
  const std::int64_t count = reduction.count(true);
  if (by_rows(reduction)) {
    for_outputs(reduction, [=](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o) y[o] = cpu::maximum(x + o * count, count);
    });
    return;
  }
  std::fill(y, y + reduction.outputs(), std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                                            : std::numeric_limits<T>::lowest());
  cpu::for_rows_here(outputs_and_places(reduction), [=](const cpu::Row& row) {
    if (row.
  });
}
