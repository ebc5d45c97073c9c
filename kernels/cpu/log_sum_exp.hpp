// max + log sum e^(x - max) of each row of a matrix.
//
// A long row is summed 128 numbers side by side, as the tree of sum_tree.hpp is made for. A short one would leave most
// of them idle, so short rows are turned into columns and 16 of them worked on side by side. Each is still summed by
// the tree, so both ways give the same bits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "kernels/cpu/maximum.hpp"
#include "kernels/cpu/turn.hpp"
#include "kernels/math.hpp"
#include "kernels/sum_tree.hpp"

namespace wengert::kernels::cpu {

/// The longest row for which each number has a lane of its own in the tree.
inline constexpr std::int64_t short_row = sum_tree::lanes;

/// Rows [begin, end) of x, which have from 1 to short_row numbers.
template <class T>
void log_sum_exp_of_short_rows(std::int64_t begin, std::int64_t end, std::int64_t cols, const T* x, T* lse) {
  constexpr std::int64_t side = 32;
  using Column = std::array<T, std::size_t{side}>;  // a number of each row
  std::array<Column, sum_tree::lanes> column;
  for (std::int64_t row = begin; row < end; row += side) {
    const std::int64_t count = std::min(side, end - row);
    if (count < side) std::fill_n(column.begin(), cols, Column{});
    turn(x + row * cols, count, cols, cols, column[0].data(), side);
    Column highest = column[0];
    for (std::int64_t c = 1; c < cols; ++c) {
      for (std::int64_t r = 0; r < side; ++r) highest[r] = greater(highest[r], column[c][r]);
    }
    for (std::int64_t c = 0; c < cols; ++c) {
      for (std::int64_t r = 0; r < side; ++r) column[c][r] = math::exp_nonpositive(column[c][r] - highest[r]);
    }
    sum_tree::fold(column, cols);
    for (std::int64_t r = 0; r < side; ++r) highest[r] += math::log(column[0][r]);
    std::copy_n(highest.begin(), count, lse + row);
  }
}

template <class T>
T log_sum_exp(std::int64_t cols, const T* row) {
  const T highest = maximum(row, cols);
  return highest +
         math::log(sum_tree::sum<T>(cols, [=](std::int64_t c) { return math::exp_nonpositive(row[c] - highest); }));
}

}  // namespace wengert::kernels::cpu
