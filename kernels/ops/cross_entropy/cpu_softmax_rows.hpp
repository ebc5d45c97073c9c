// softmax and max + log sum e^(x - max) of the rows of a matrix.
//
// A long row is summed 128 numbers side by side, as the tree of sum_tree.hpp is made for. A short one would leave most
// of them idle, so short rows are turned into columns and 32 of them worked on side by side. Each is still summed by
// the tree, so both ways give the same bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/turn.hpp"

namespace wengert::kernels::cpu {

/// The longest row for which each number has a lane of its own in the tree.
inline constexpr std::int64_t short_row = sum_tree::lanes;
inline constexpr std::int64_t rows_together = 32;

/// Of `count` rows, at most rows_together, which have at most short_row numbers: max + log sum e^(x - max), and, if
/// `softmax` is not null, factor times the softmax.
template <class T>
void softmax_of_short_rows(std::int64_t count, std::int64_t cols, const T* x, T factor, T* lse, T* softmax) {
  using Column = std::array<T, std::size_t{rows_together}>;  // a number of each row
  std::array<Column, sum_tree::lanes> column, e;
  if (cols == 0) {
    std::fill_n(lse, count, -std::numeric_limits<T>::infinity());
    return;
  }
  if (count < rows_together) std::fill_n(column.begin(), cols, Column{});
  turn(x, count, cols, cols, column[0].data(), rows_together);
  Column highest = column[0];
  for (std::int64_t c = 1; c < cols; ++c) {
    for (std::int64_t r = 0; r < rows_together; ++r) highest[r] = greater(highest[r], column[c][r]);
  }
  for (std::int64_t c = 0; c < cols; ++c) {
    for (std::int64_t r = 0; r < rows_together; ++r) column[c][r] = math::exp_nonpositive(column[c][r] - highest[r]);
  }
  if (softmax) std::copy_n(column.begin(), cols, e.begin());
  sum_tree::fold(column, cols);
  const Column& sum = column[0];
  for (std::int64_t r = 0; r < rows_together; ++r) highest[r] += math::log(sum[r]);
  std::copy_n(highest.begin(), count, lse);
  if (!softmax) return;
  Column by;
  for (std::int64_t r = 0; r < rows_together; ++r) by[r] = factor / sum[r];
  for (std::int64_t c = 0; c < cols; ++c) {
    for (std::int64_t r = 0; r < rows_together; ++r) e[c][r] *= by[r];
  }
  turn(e[0].data(), cols, count, rows_together, softmax, cols);
}

/// The same of one row, which has at least one number.
template <class T>
T softmax_of_long_row(std::int64_t cols, const T* row, T factor, T* softmax) {
  const T highest = maximum(row, cols);
  const auto e = [=](std::int64_t c) { return math::exp_nonpositive(row[c] - highest); };
  if (!softmax) return highest + math::log(sum_tree::sum<T>(cols, e));
  const T sum = sum_tree::sum_of_blocks<T>(cols, [=](std::int64_t begin, std::int64_t n) {
    T* const block = softmax + begin;
    for (std::int64_t i = 0; i < n; ++i) block[i] = e(begin + i);
    return sum_tree::block_sum<T>(begin, n, sum_tree::Stored<T>{softmax});
  });
  const T by = factor / sum;
  for (std::int64_t c = 0; c < cols; ++c) softmax[c] *= by;
  return highest + math::log(sum);
}

}  // namespace wengert::kernels::cpu
