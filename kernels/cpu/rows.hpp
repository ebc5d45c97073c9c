// A walk over a contiguous tensor of up to four axes beside two operands that are repeated along some of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "kernels/base/broadcast.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels::cpu {

/// Elements [at, at + count) of the tensor, which lie along its last axis, and where the operands' elements for them
/// begin.
struct LoopRow {
  std::int64_t at, a, b, count;
};

/// How far an operand goes for one step along each axis: 0 where it is repeated.
inline std::array<std::int64_t, Broadcast::max_rank> strides(const Broadcast& loop,
                                                             const std::array<bool, Broadcast::max_rank>& moves) {
  std::array<std::int64_t, Broadcast::max_rank> result{};
  std::int64_t step = 1;
  for (auto axis = static_cast<std::size_t>(loop.rank); axis-- > 0;) {
    if (!moves[axis]) continue;
    result[axis] = step;
    step *= loop.size[axis];
  }
  return result;
}

/// body(row) for rows that cover the tensor, on several threads if there are many elements.
template <class F>
void for_rows(const Broadcast& loop, const F& body) {
  if (loop.numel() == 0) return;  // there may be no operands either
  if (loop.rank <= 1) {
    const std::int64_t step_a = loop.a_moves[0], step_b = loop.b_moves[0];
    return for_ranges(loop.numel(), [&, step_a, step_b](std::int64_t begin, std::int64_t end) {
      body(LoopRow{begin, begin * step_a, begin * step_b, end - begin});
    });
  }
  const std::size_t last = static_cast<std::size_t>(loop.rank) - 1;
  const std::int64_t count = loop.size[last];
  const auto stride_a = strides(loop, loop.a_moves), stride_b = strides(loop, loop.b_moves);
  const auto some_rows = [&](std::int64_t begin, std::int64_t end) {
    if (begin == end) return;
    std::array<std::int64_t, Broadcast::max_rank> index{};
    LoopRow row{begin * count, 0, 0, count};
    for (std::size_t axis = last, rest = static_cast<std::size_t>(begin); axis-- > 0;) {
      const auto size = static_cast<std::size_t>(loop.size[axis]);
      index[axis] = static_cast<std::int64_t>(rest % size);
      rest /= size;
      row.a += index[axis] * stride_a[axis];
      row.b += index[axis] * stride_b[axis];
    }
    for (std::int64_t left = end - begin;;) {
      body(row);
      if (--left == 0) return;
      row.at += count;
      for (std::size_t axis = last; axis-- > 0;) {  // an odometer
        row.a += stride_a[axis];
        row.b += stride_b[axis];
        if (++index[axis] < loop.size[axis]) break;
        index[axis] = 0;
        row.a -= loop.size[axis] * stride_a[axis];
        row.b -= loop.size[axis] * stride_b[axis];
      }
    }
  };
  for_ranges(loop.numel() / count, some_rows, std::max<std::int64_t>(1, grain / count));
}

/// f(i, a_i, b_i) into sink[i] for the whole tensor. Along a row a or b may stand still, which makes three loops, so
/// that each vectorises.
template <class T, class A, class B, class F>
void store_rows(const Broadcast& loop, const A* a, const B* b, Sink<T> sink, F f) {
  if (!sink.wanted()) return;
  if (loop.rank == 1 && loop.a_moves[0] && loop.b_moves[0]) {  // operands of one shape, by far the most
    return store(sink, loop.size[0], [=](std::int64_t i) { return f(i, a[i], b[i]); });
  }
  const std::size_t last = loop.rank > 0 ? static_cast<std::size_t>(loop.rank) - 1 : 0;
  const bool a_moves = loop.a_moves[last], b_moves = loop.b_moves[last];
  for_rows(loop, [=](const LoopRow& row) {
    const A* const row_a = a + row.a;
    const B* const row_b = b + row.b;
    const Sink<T> part{sink.data + row.at, sink.mode};
    const std::int64_t at = row.at;
    if (a_moves && b_moves) {
      store_range(part, 0, row.count, [=](std::int64_t i) { return f(at + i, row_a[i], row_b[i]); });
    } else if (a_moves) {
      store_range(part, 0, row.count, [=, b0 = *row_b](std::int64_t i) { return f(at + i, row_a[i], b0); });
    } else {
      store_range(part, 0, row.count,
                  [=, a0 = *row_a](std::int64_t i) { return f(at + i, a0, row_b[b_moves ? i : 0]); });
    }
  });
}

}  // namespace wengert::kernels::cpu
