// Elementwise ops of one operand: the table of formulas, and the two kernels that run any of them.
//
//   y_i = f(x_i)          dx_i = dy_i * f'(x_i)
//
//   shapes       any; x, y, dx, dy have n elements. n = 0 does nothing.
//   dtypes       float32, float64; Negate, Abs, Square, AddNumber, SubtractFromNumber and MultiplyByNumber also int32
//                (forward only; wraps around at 2^32, and the number is cut to an int32 towards zero).
//   backward     reads dy and what `saves` names: the input x, the result y, or nothing.
//   kinks        stated at each formula, as in PyTorch.
//   determinism  each element depends on its own inputs alone: same bits for any address, thread count and n.
//   bytes        forward 2n sizeof(T); backward 3n (2n where nothing is saved), one n more when the sink adds.
//
// A formula is written once and shared by every device. exp, log, tanh and log1p are those of math.hpp.
#pragma once

#include <cstdint>

#include "kernels/base/math.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"

namespace wengert::kernels {

enum class Saves : std::uint8_t { nothing, input, result };

struct Negate {
  static constexpr const char* name = "neg";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  template <class T>
  constexpr T value(T x) const {
    return math::negate(x);
  }
  template <class T>
  constexpr T slope(T) const {
    return T(-1);
  }
};
struct Abs {  // slope 0 at 0
  static constexpr const char* name = "abs";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::input;
  template <class T>
  constexpr T value(T x) const {
    return math::abs(x);
  }
  template <class T>
  constexpr T slope(T x) const {
    return math::sign(x);
  }
};
struct Exp {
  static constexpr const char* name = "exp";
  static constexpr Saves saves = Saves::result;
  template <class T>
  constexpr T value(T x) const {
    return math::exp(x);
  }
  template <class T>
  constexpr T slope(T y) const {
    return y;
  }
};
struct Log {  // log 0 = -inf, log of a negative number = NaN
  static constexpr const char* name = "log";
  static constexpr Saves saves = Saves::input;
  template <class T>
  constexpr T value(T x) const {
    return math::log(x);
  }
  template <class T>
  constexpr T slope(T x) const {
    return T(1) / x;
  }
};
struct Sqrt {  // slope inf at 0
  static constexpr const char* name = "sqrt";
  static constexpr Saves saves = Saves::result;
  template <class T>
  constexpr T value(T x) const {
    return math::sqrt(x);
  }
  template <class T>
  constexpr T slope(T y) const {
    return T(0.5) / y;
  }
};
struct Square {
  static constexpr const char* name = "square";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::input;
  template <class T>
  constexpr T value(T x) const {
    return math::multiply(x, x);
  }
  template <class T>
  constexpr T slope(T x) const {
    return x + x;
  }
};
struct Pow {  // x^exponent; slope exponent * x^(exponent - 1), and 0 where the exponent is 0
  static constexpr const char* name = "pow";
  static constexpr Saves saves = Saves::input;
  double exponent;
  template <class T>
  constexpr T value(T x) const {
    return math::pow(x, exponent);
  }
  template <class T>
  constexpr T slope(T x) const {
    return exponent == 0 ? T(0) : T(exponent) * math::pow(x, exponent - 1);
  }
};
struct Relu {  // max(x, 0), NaN stays NaN; slope 0 at 0, 1 at NaN
  static constexpr const char* name = "relu";
  static constexpr Saves saves = Saves::result;
  template <class T>
  constexpr T value(T x) const {
    return x < T(0) ? T(0) : x;
  }
  template <class T>
  constexpr T slope(T y) const {
    return y <= T(0) ? T(0) : T(1);
  }
};
struct Sigmoid {  // 1 / (1 + e^-x)
  static constexpr const char* name = "sigmoid";
  static constexpr Saves saves = Saves::result;
  template <class T>
  constexpr T value(T x) const {
    return math::sigmoid(x);
  }
  template <class T>
  constexpr T slope(T y) const {
    return y * (T(1) - y);
  }
};
struct Tanh {
  static constexpr const char* name = "tanh";
  static constexpr Saves saves = Saves::result;
  template <class T>
  constexpr T value(T x) const {
    return math::tanh(x);
  }
  template <class T>
  constexpr T slope(T y) const {
    return T(1) - y * y;
  }
};
struct Softplus {  // log(1 + e^x) = max(x, 0) + log1p(e^-|x|); slope sigmoid(x)
  static constexpr const char* name = "softplus";
  static constexpr Saves saves = Saves::input;
  template <class T>
  constexpr T value(T x) const {
    return (x < T(0) ? T(0) : x) + math::log1p(math::exp(-math::abs(x)));
  }
  template <class T>
  constexpr T slope(T x) const {
    return math::sigmoid(x);
  }
};

// One operand and a number, which takes the operand's type.
struct AddNumber {
  static constexpr const char* name = "add";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  template <class T>
  constexpr T value(T x) const {
    return math::add(x, math::convert<T>(number));
  }
  template <class T>
  constexpr T slope(T) const {
    return T(1);
  }
};
struct SubtractFromNumber {  // number - x
  static constexpr const char* name = "sub";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  template <class T>
  constexpr T value(T x) const {
    return math::subtract(math::convert<T>(number), x);
  }
  template <class T>
  constexpr T slope(T) const {
    return T(-1);
  }
};
struct MultiplyByNumber {
  static constexpr const char* name = "mul";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  template <class T>
  constexpr T value(T x) const {
    return math::multiply(x, math::convert<T>(number));
  }
  template <class T>
  constexpr T slope(T) const {
    return T(number);
  }
};
struct DivideByNumber {  // x / number, a true division: x * (1 / number) rounds differently
  static constexpr const char* name = "div";
  static constexpr Saves saves = Saves::nothing;
  double number;
  template <class T>
  constexpr T value(T x) const {
    return x / T(number);
  }
  template <class T>
  constexpr T slope(T) const {
    return T(1) / T(number);
  }
};
struct DivideNumberBy {  // number / x; slope -number / x^2
  static constexpr const char* name = "div";
  static constexpr Saves saves = Saves::input;
  double number;
  template <class T>
  constexpr T value(T x) const {
    return T(number) / x;
  }
  template <class T>
  constexpr T slope(T x) const {
    return -(T(number) / x) / x;
  }
};

template <class Op, class T>
void unary(Stream&, Op op, std::int64_t n, const T* x, T* y);

/// `saved` is x or y as Op::saves says, and not read where it says nothing.
template <class Op, class T>
void unary_backward(Stream&, Op op, std::int64_t n, const T* saved, const T* dy, Sink<T> dx);

}  // namespace wengert::kernels
