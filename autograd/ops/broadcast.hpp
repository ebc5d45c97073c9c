// From shapes to the loops that kernels run.
#pragma once

#include <cstdint>

#include "autograd/shape.hpp"
#include "kernels/base/broadcast.hpp"
#include "kernels/ops/reduce/reduce.hpp"

namespace wengert {

/// The shape of a op b by NumPy's rule: aligned at the last axis, sizes equal or 1. Error: names op and both shapes.
Shape broadcast_shape(const char* op, const Shape& a, const Shape& b);

/// The loop over operands of one shape.
inline kernels::Broadcast plain_loop(std::int64_t numel) {
  kernels::Broadcast loop;
  loop.rank = 1;
  loop.size[0] = numel;
  loop.a_moves[0] = loop.b_moves[0] = true;
  return loop;
}

/// The loop over `y` that reads a and b, with neighbouring axes merged.
kernels::Broadcast broadcast_loop(const Shape& a, const Shape& b, const Shape& y);

/// The sum over a tensor of shape `from` that gives `to`, a shape that broadcasts to it.
kernels::Reduction reduction_to(const Shape& from, const Shape& to);

}  // namespace wengert
