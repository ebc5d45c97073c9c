// Elementwise ops of two operands, with NumPy broadcasting.
//
//   y = a + b   da = dy      db = dy
//   y = a - b   da = dy      db = -dy
//   y = a * b   da = dy * b  db = dy * a
//   y = a / b   da = dy / b  db = -dy * a / b^2, computed as -(dy / b) * (a / b)
//
//   shapes       described by Broadcast; y and dy are contiguous in its order.
//   dtypes       float32, float64; int32 forward for + - *, which wraps around at 2^32.
//   backward     reads a and b for * and /, dy always. da and db are laid out like y: where an operand was broadcast,
//                the op sums over the repeated axes afterwards (reduce.hpp), in the fixed tree.
//   aliasing     a and b may be one tensor, da and db one buffer (write, then add): da is finished before db begins.
//   determinism  same bits for any address and thread count.
//   bytes        forward 3n sizeof(T) with n elements of y; backward up to 5n.
#pragma once

#include <cstdint>

#include "kernels/base/broadcast.hpp"
#include "kernels/base/math.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"

namespace wengert::kernels {

struct Add {
  static constexpr const char* name = "add";
  static constexpr bool integers = true;
  static constexpr bool saves = false;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::add(a, b);
  }
  template <class T>
  static constexpr T da(T dy, T, T) {
    return dy;
  }
  template <class T>
  static constexpr T db(T dy, T, T) {
    return dy;
  }
};
struct Subtract {
  static constexpr const char* name = "sub";
  static constexpr bool integers = true;
  static constexpr bool saves = false;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::subtract(a, b);
  }
  template <class T>
  static constexpr T da(T dy, T, T) {
    return dy;
  }
  template <class T>
  static constexpr T db(T dy, T, T) {
    return -dy;
  }
};
struct Multiply {
  static constexpr const char* name = "mul";
  static constexpr bool integers = true;
  static constexpr bool saves = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::multiply(a, b);
  }
  template <class T>
  static constexpr T da(T dy, T, T b) {
    return dy * b;
  }
  template <class T>
  static constexpr T db(T dy, T a, T) {
    return dy * a;
  }
};
struct Divide {
  static constexpr const char* name = "div";
  static constexpr bool integers = false;
  static constexpr bool saves = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return a / b;
  }
  template <class T>
  static constexpr T da(T dy, T, T b) {
    return dy / b;
  }
  template <class T>
  static constexpr T db(T dy, T a, T b) {
    return -(dy / b) * (a / b);
  }
};

template <class Op, class T>
void binary(Stream&, Broadcast loop, const T* a, const T* b, T* y);

/// Where Op::saves is false, a and b are not read and may be null.
template <class Op, class T>
void binary_backward(Stream&, Broadcast loop, const T* a, const T* b, const T* dy, Sink<T> da, Sink<T> db);

}  // namespace wengert::kernels
