#include "autograd/ops/broadcast.hpp"

#include <algorithm>

#include "kernels/base/error.hpp"

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
    result = result.with(axis, m == 1 ? n : m, op);
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
    if (loop.rank > 0 && loop.a_moves[last] == a_moves && loop.b_moves[last] == b_moves) {
      loop.size[last] *= y[axis];
    } else {
      const auto next = static_cast<std::size_t>(loop.rank++);
      loop.size[next] = y[axis];
      loop.a_moves[next] = a_moves;
      loop.b_moves[next] = b_moves;
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
