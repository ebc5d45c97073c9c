// Sums, means and maxima over any set of axes, and their adjoint, expansion.
//
//   sum_over     y_o = (sum over r of x_or) / divisor, in the fixed tree of sum_tree.hpp, r in row-major order
//   expand       x_or = y_o / divisor                    (the gradient of sum_over; also broadcasting as a copy)
//   max_over     y_o = max over r of x_or; a NaN among them gives NaN
//   max_backward dx_or = dy_o / (number of maxima) * [x_or = y_o]: ties share evenly, and beside a NaN, which equals
//                nothing, all is NaN (0 / 0), as PyTorch's amax
//   argmax_over  y_o = the least r with x_or = max, as int32; the first NaN if there is one
//
//   shapes       x is contiguous; Reduction says which axes go. The sum over nothing is 0; the maximum over nothing is an
//                error of the op.
//   dtypes       float32, float64; sum, max and argmax also int32 (divisor 1).
//   backward     sum reads dy; max reads x, y and dy.
//   determinism  sums by the fixed tree; the rest does not depend on order.
//   bytes        (numel(x) + numel(y)) sizeof(T); max_backward twice that.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/base/broadcast.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct Sum {
  static constexpr const char* name = "sum";
  static constexpr Words words{.forward = "the sum of x₁", .local = {"1 for each number"}};
};
struct Mean {
  static constexpr const char* name = "mean";
  static constexpr Words words{.forward = "the mean of the n numbers of x₁", .local = {"1 / n for each number"}};
};
struct Max {
  static constexpr const char* name = "max";
  static constexpr Words words{.forward = "the largest of x₁", .local = {"1 at the largest, 0 elsewhere"}};
};

/// x's axes, outermost first, each kept or reduced; neighbours of one kind are merged, axes of size 1 are gone.
struct Reduction {
  static constexpr int max_rank = 4;
  int rank = 0;
  std::array<std::int64_t, max_rank> size{};
  std::array<bool, max_rank> reduced{};

  std::int64_t count(bool of_reduced) const {
    std::int64_t n = 1;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); ++axis) {
      if (reduced[axis] == of_reduced) n *= size[axis];
    }
    return n;
  }
  std::int64_t inputs() const { return count(true) * count(false); }
  std::int64_t outputs() const { return count(false); }
  /// What is reduced into one output lies side by side in x, and so do the outputs' runs.
  bool by_rows() const { return rank == 0 || (rank == 1 && reduced[0]) || (rank == 2 && reduced[1]); }
  /// Axes (reduced, kept) or (kept, reduced, kept): down the columns of a matrix, or of several.
  bool by_columns() const {
    return rank > 0 && rank <= 3 && !reduced[static_cast<std::size_t>(rank) - 1] && (rank != 3 || reduced[1]);
  }
};

/// The loop over x in which operand a is the element's output; operand b stands still.
inline Broadcast over_inputs(const Reduction& reduction) {
  Broadcast loop;
  loop.rank = reduction.rank;
  loop.size = reduction.size;
  for (std::size_t axis = 0; axis < loop.a_moves.size(); ++axis) loop.a_moves[axis] = !reduction.reduced[axis];
  return loop;
}

template <class T>
void sum_over(Stream&, Reduction, const T* x, T divisor, Sink<T> y);
template <class T>
void expand(Stream&, Reduction, const T* y, T divisor, Sink<T> x);
template <class T>
void max_over(Stream&, Reduction, const T* x, T* y);
template <class T>
void max_backward(Stream&, Reduction, const T* x, const T* y, const T* dy, Sink<T> dx);
template <class T>
void argmax_over(Stream&, Reduction, const T* x, std::int32_t* y);

}  // namespace wengert::kernels
