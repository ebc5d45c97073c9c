#include "autograd/ops/broadcast.hpp"

#include <algorithm>

#include "kernels/error.hpp"

namespace wengert {
namespace {

// The size of `shape` along an axis of a tensor of `rank` axes that it broadcasts to.
std::int64_t aligned(const Shape& shape, int axis, int rank) {
  const int own = axis - (rank - shape.rank());
  return own < 0 ? 1 : shape[own];
}

}  // namespace

Shape broadcast_shape(const char* op, const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  Shape result = a.rank() == rank ? a : b;
  for (int axis = 0; axis < rank; ++axis) {
    const std::int64_t m = aligned(a, axis, rank), n = aligned(b, axis, rank);
    if (m != n && m != 1 && n != 1) fail(op, ": shapes ", a, " and ", b, " do not broadcast");
    result = result.with(axis, m == 1 ? n : m);
  }
  return result;
}

kernels::Broadcast broadcast_loop(const Shape& a, const Shape& b, const Shape& y) {
  if (a == y && b == y) return plain_loop(y.numel());
  kernels::Broadcast loop;
  for (int axis = 0; axis < y.rank(); ++axis) {
    if (y[axis] == 1) continue;
    const bool a_moves = aligned(a, axis, y.rank()) != 1, b_moves = aligned(b, axis, y.rank()) != 1;
    const std::size_t last = static_cast<std::size_t>(loop.rank) - 1;
    if (loop.rank > 0 && (loop.stride_a[last] != 0) == a_moves && (loop.stride_b[last] != 0) == b_moves) {
      loop.size[last] *= y[axis];
    } else {
      const auto next = static_cast<std::size_t>(loop.rank++);
      loop.size[next] = y[axis];
      loop.stride_a[next] = a_moves;
      loop.stride_b[next] = b_moves;
    }
  }
  // So far a stride only says whether an operand moves; innermost first it becomes how far.
  std::int64_t a_step = 1, b_step = 1;
  for (auto axis = static_cast<std::size_t>(loop.rank); axis-- > 0;) {
    if (loop.stride_a[axis]) {
      loop.stride_a[axis] = a_step;
      a_step *= loop.size[axis];
    }
    if (loop.stride_b[axis]) {
      loop.stride_b[axis] = b_step;
      b_step *= loop.size[axis];
    }
  }
  return loop;
}

kernels::Reduction reduction_to(const Shape& from, const Shape& to) {
  kernels::Reduction reduction;
  for (int axis = 0; axis < from.rank(); ++axis) {
    if (from[axis] == 1) continue;
    const bool reduced = aligned(to, axis, from.rank()) == 1;
    const std::size_t last = static_cast<std::size_t>(reduction.rank) - 1;
    if (reduction.rank > 0 && reduction.reduced[last] == reduced) {
      reduction.size[last] *= from[axis];
    } else {
      const auto next = static_cast<std::size_t>(reduction.rank++);
      reduction.size[next] = from[axis];
      reduction.reduced[next] = reduced;
    }
  }
  return reduction;
}

}  // namespace wengert
