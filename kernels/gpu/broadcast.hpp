// Where the elements of a contiguous tensor find those of an operand that is repeated along some of its axes.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/base/broadcast.hpp"
#include "kernels/base/error.hpp"
#include "kernels/gpu/divisor.hpp"
#include "kernels/gpu/quad.hpp"

namespace wengert::kernels::gpu {

/// An element's index along each axis, outermost first.
template <int Rank>
struct Coordinates {
  std::int64_t at[Rank];
};

template <int Rank>
struct Axes {
  Divisor size[Rank];
  bool fours = true;  // four neighbours, from a multiple of 4 on, differ in the last axis alone

  __device__ Coordinates<Rank> place(std::int64_t i) const {
    Coordinates<Rank> result;
    for (int axis = Rank - 1; axis > 0; --axis) {
      const std::int64_t outer = size[axis].quotient(i);
      result.at[axis] = size[axis].remainder(i, outer);
      i = outer;
    }
    result.at[0] = i;
    return result;
  }
};

template <class T, int Rank>
struct BroadcastOperand {
  const T* data = nullptr;
  std::int64_t stride[Rank] = {};  // 0 along the axes where it is repeated

  __device__ std::int64_t offset(const Coordinates<Rank>& place) const {
    std::int64_t result = 0;
    for (int axis = 0; axis < Rank; ++axis) result += place.at[axis] * stride[axis];
    return result;
  }
  __device__ T one(const Coordinates<Rank>& place) const { return data[offset(place)]; }
  __device__ bool aligned() const { return stride[Rank - 1] == 0 || aligned16(data); }
  __device__ QuadOf<T> four(const Coordinates<Rank>& place) const {
    return stride[Rank - 1] == 0 ? four_times(one(place)) : load4(data + offset(place));
  }
};

/// Calls f.template operator()<Rank>() for a loop of that many axes; three are four, of which the first has size 1.
template <class F>
void with_rank(const Broadcast& loop, const F& f) {
  if (loop.rank <= 1) return f.template operator()<1>();
  if (loop.rank == 2) return f.template operator()<2>();
  f.template operator()<4>();
}

template <int Rank>
Axes<Rank> axes_of(const Broadcast& loop) {
  Axes<Rank> axes;
  if (loop.rank <= 1) return axes;
  if (const std::int64_t n = loop.numel(); n > Divisor::most) {
    fail("the GPU's kernels repeat operands over at most ", Divisor::most, " elements, and here are ", n);
  }
  for (int axis = 0; axis < loop.rank; ++axis) {
    axes.size[Rank - loop.rank + axis] = Divisor(loop.size[static_cast<std::size_t>(axis)]);
  }
  axes.fours = loop.size[static_cast<std::size_t>(loop.rank) - 1] % 4 == 0;
  return axes;
}

template <int Rank, class T>
BroadcastOperand<T, Rank> operand_of(const Broadcast& loop, const std::array<bool, Broadcast::max_rank>& moves,
                                     const T* data) {
  BroadcastOperand<T, Rank> operand{data};
  std::int64_t step = 1;
  for (int axis = loop.rank; axis-- > 0;) {
    if (!moves[static_cast<std::size_t>(axis)]) continue;
    operand.stride[Rank - loop.rank + axis] = step;
    step *= loop.size[static_cast<std::size_t>(axis)];
  }
  return operand;
}

}  // namespace wengert::kernels::gpu
