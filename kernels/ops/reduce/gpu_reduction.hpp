// Where in x the elements lie that are reduced into output o: at first(o) + place(r) for r in [0, count).
#pragma once

#include <cstdint>

#include "kernels/base/error.hpp"
#include "kernels/gpu/divisor.hpp"
#include "kernels/ops/reduce/reduce.hpp"

namespace wengert::kernels::gpu {

struct SideBySide {
  std::int64_t count;
  __device__ std::int64_t first(std::int64_t o) const { return o * count; }
  __device__ std::int64_t place(std::int64_t r) const { return r; }
};

/// Since neighbouring axes of one kind are merged, at most two of four are of one kind.
struct TwoAxes {
  std::int64_t outer_stride = 0, inner_stride = 0;
  Divisor inner{};

  __device__ std::int64_t offset(std::int64_t i) const {
    const std::int64_t outer = inner.quotient(i);
    return outer * outer_stride + inner.remainder(i, outer) * inner_stride;
  }
};

struct Anywhere {
  TwoAxes kept, reduced;
  __device__ std::int64_t first(std::int64_t o) const { return kept.offset(o); }
  __device__ std::int64_t place(std::int64_t r) const { return reduced.offset(r); }
};

inline TwoAxes axes_of_kind(const Reduction& reduction, bool reduced) {
  TwoAxes axes;
  std::int64_t stride = 1;
  bool has_inner = false;
  for (auto axis = static_cast<std::size_t>(reduction.rank); axis-- > 0; stride *= reduction.size[axis]) {
    if (reduction.reduced[axis] != reduced) continue;
    (has_inner ? axes.outer_stride : axes.inner_stride) = stride;
    if (!has_inner) axes.inner = Divisor(reduction.size[axis]);
    has_inner = true;
  }
  return axes;
}

/// f(places) with the cheapest way to find them.
template <class F>
void with_places(const char* op, const Reduction& reduction, const F& f) {
  if (reduction.by_rows()) return f(SideBySide{reduction.count(true)});
  if (const std::int64_t n = reduction.inputs(); n > Divisor::most) {
    fail(op, ": over other than the last axes the GPU's kernel takes at most ", Divisor::most,
         " elements, and here are ", n);
  }
  f(Anywhere{axes_of_kind(reduction, false), axes_of_kind(reduction, true)});
}

}  // namespace wengert::kernels::gpu
