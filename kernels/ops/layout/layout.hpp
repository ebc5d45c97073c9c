// Moving values without arithmetic: copies, conversions, transposes, slices.
//
//   fill         y_i = value
//   copy         y_i = x_i, into a sink (so that it is also the gradient of reshape)
//   convert      y_i = To(x_i); to int32 truncates towards zero, saturates, and makes 0 of NaN
//   transpose    x (a, m, b, n, c) -> y (a, n, b, m, c): swaps two axes; its gradient is itself with m and n swapped
//   slice        x (outer, axis, inner) -> y (outer, count, inner): y[o, i, k] = x[o, begin + i, k]
//   slice_into   the reverse: y[o, begin + i, k] = x[o, i, k], the rest of y untouched
//   slice_backward  dx[o, begin + i, k] (+)= dy[o, i, k]; a sink that writes sets the rest of dx to 0
//
//   dtypes       all; x and y do not overlap.   bytes  (read + written) sizeof(T).   determinism  exact.
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct Slice {
  static constexpr const char* name = "slice";
  static constexpr Words words{.forward = "a part of x₁", .local = {"u at its place, 0 elsewhere"}};
  std::int64_t outer, axis, inner, begin, count;
};
struct Transpose {
  static constexpr const char* name = "transpose";
  static constexpr Words words{.forward = "x₁ᵀ", .local = {"uᵀ"}};
  std::int64_t a, m, b, n, c;
};

// The ops that are one of these kernels, or a copy.
struct Select {
  static constexpr const char* name = "select";
  static constexpr Words words{.forward = "one slice of x₁", .local = {"u at its place, 0 elsewhere"}};
};
struct Cat {
  static constexpr const char* name = "cat";
  static constexpr Words words{.forward = "the operands side by side", .local = {"its part of u"}};
};
struct Reshape {
  static constexpr const char* name = "reshape";
  static constexpr Words words{.forward = "x₁ in another shape", .local = {"u in the shape of x₁"}};
};
struct Flat {
  static constexpr const char* name = "flat";
  static constexpr Words words{.forward = "all parameters as one vector", .local = {"its part of u"}};
};

template <class T>
void fill(Stream&, std::int64_t n, T value, T* y);
template <class T>
void copy(Stream&, std::int64_t n, const T* x, Sink<T> y);
template <class From, class To>
void convert(Stream&, std::int64_t n, const From* x, To* y);
template <class T>
void transpose(Stream&, Transpose, const T* x, Sink<T> y);
template <class T>
void slice(Stream&, Slice, const T* x, Sink<T> y);
template <class T>
void slice_into(Stream&, Slice, const T* x, T* y);
template <class T>
void slice_backward(Stream&, Slice, const T* dy, Sink<T> dx);

}  // namespace wengert::kernels
