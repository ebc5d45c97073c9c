// The table of elementwise ops: each op once, and at the end the lists of them.
//
//   name       as the tape shows it
//   integers   true where int32 goes too: forward only
//   saves      what the backward reads: the operand, the result or nothing; for two operands, whether it reads them
//   value      y from the operands
//   slope      dy/dx from what was saved; for two operands da and db, the gradients from dy and the operands
//   words      formulas and ways out for people (kernels/ops/words.hpp)
//   singular   why y is not finite although the operands are
//
// Every device compiles these formulas. exp, log, tanh and log1p are those of math.hpp, so that all devices agree.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/base/math.hpp"
#include "kernels/base/types.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

enum class Saves : std::uint8_t { nothing, input, result };

template <class Op>
concept AlsoInteger = requires {
  requires Op::integers;
};

/// The number in x's type; to int32 as math::convert says.
template <class T>
constexpr T like(T, double number) {
  return math::convert<T>(number);
}

namespace way_out {
inline constexpr const char* above_0 = "Keep the operand above 0, as in log(x + 1e-8), or use a loss that takes logits";
inline constexpr const char* not_negative = "Use abs or square first, or relu";
inline constexpr const char* divisor = "Add a small number (an eps) to the divisor";
inline constexpr const char* smaller = "Scale the operands down";
}  // namespace way_out

// One operand.

struct Negate {
  static constexpr const char* name = "neg";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  constexpr auto value(auto x) const { return math::negate(x); }
  constexpr auto slope(auto x) const { return like(x, -1); }
  static constexpr Words words{.forward = "−x₁", .local = {"−1"}};
};
struct Abs {  // slope 0 at 0
  static constexpr const char* name = "abs";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::input;
  constexpr auto value(auto x) const { return math::abs(x); }
  constexpr auto slope(auto x) const { return math::sign(x); }
  static constexpr Words words{.forward = "|x₁|", .local = {"sign(x₁)"}};
};
struct Exp {
  static constexpr const char* name = "exp";
  static constexpr Saves saves = Saves::result;
  constexpr auto value(auto x) const { return math::exp(x); }
  constexpr auto slope(auto y) const { return y; }
  static constexpr Words words{.forward = "exp(x₁)", .local = {"out"}, .steep = {{{"e^x", way_out::smaller}}}};
  static constexpr Singular singular(double x) {
    if (x > 0) {
      return {"overflow: e^88.7 is the largest that float32 holds (float64: e^709.7)",
              "Subtract the largest operand first, as softmax and log_softmax do, or compute with logarithms"};
    }
    return {};
  }
};
struct Log {  // log 0 = -inf, log of a negative number = NaN
  static constexpr const char* name = "log";
  static constexpr Saves saves = Saves::input;
  constexpr auto value(auto x) const { return math::log(x); }
  constexpr auto slope(auto x) const { return 1 / x; }
  static constexpr Words words{.forward = "log x₁", .local = {"1 / x₁"}, .steep = {{{"1 / x", way_out::above_0}}}};
  static constexpr Singular singular(double x) {
    if (x == 0) return {"the logarithm of 0", way_out::above_0};
    if (x < 0) return {"the logarithm of a negative number", way_out::above_0};
    return {};
  }
};
struct Sqrt {  // slope inf at 0
  static constexpr const char* name = "sqrt";
  static constexpr Saves saves = Saves::result;
  constexpr auto value(auto x) const { return math::sqrt(x); }
  constexpr auto slope(auto y) const { return like(y, 0.5) / y; }
  static constexpr Words words{.forward = "√x₁",
                               .local = {"1 / (2 out)"},
                               .steep = {{{"1 / (2 sqrt(x))", "Add a small number under the root: sqrt(x + 1e-12)"}}}};
  static constexpr Singular singular(double x) {
    if (x < 0) return {"the root of a negative number", way_out::not_negative};
    return {};
  }
};
struct Square {
  static constexpr const char* name = "square";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::input;
  constexpr auto value(auto x) const { return math::multiply(x, x); }
  constexpr auto slope(auto x) const { return x + x; }
  static constexpr Words words{.forward = "x₁²", .local = {"2 x₁"}, .steep = {{{"2 x", way_out::smaller}}}};
};
struct Relu {  // max(x, 0), NaN stays NaN; slope 0 at 0, 1 at NaN
  static constexpr const char* name = "relu";
  static constexpr Saves saves = Saves::result;
  constexpr auto value(auto x) const { return x < 0 ? like(x, 0) : x; }
  constexpr auto slope(auto y) const { return y <= 0 ? like(y, 0) : like(y, 1); }
  static constexpr Words words{.forward = "max(x₁, 0)", .local = {"1 where x₁ > 0, else 0"}};
};
struct Sigmoid {
  static constexpr const char* name = "sigmoid";
  static constexpr Saves saves = Saves::result;
  constexpr auto value(auto x) const { return math::sigmoid(x); }
  constexpr auto slope(auto y) const { return y * (1 - y); }
  static constexpr Words words{.forward = "1 / (1 + exp(−x₁))", .local = {"out (1 − out)"}};
};
struct Tanh {
  static constexpr const char* name = "tanh";
  static constexpr Saves saves = Saves::result;
  constexpr auto value(auto x) const { return math::tanh(x); }
  constexpr auto slope(auto y) const { return 1 - y * y; }
  static constexpr Words words{.forward = "tanh x₁", .local = {"1 − out²"}};
};
struct Softplus {  // max(x, 0) + log1p(e^-|x|), which does not overflow
  static constexpr const char* name = "softplus";
  static constexpr Saves saves = Saves::input;
  constexpr auto value(auto x) const { return (x < 0 ? like(x, 0) : x) + math::log1p(math::exp(-math::abs(x))); }
  constexpr auto slope(auto x) const { return math::sigmoid(x); }
  static constexpr Words words{.forward = "log(1 + exp(x₁))", .local = {"1 / (1 + exp(−x₁))"}};
};

// One operand and a number, which takes the operand's type. On the tape all but pow are ops of two operands, whose name
// and words they have; `number_first` where the number is the first of the two.

struct Pow {  // x^number; the slope is 0 where the exponent is 0
  static constexpr const char* name = "pow";
  static constexpr Saves saves = Saves::input;
  double number;
  constexpr auto value(auto x) const { return math::pow(x, number); }
  constexpr auto slope(auto x) const { return number == 0 ? like(x, 0) : like(x, number) * math::pow(x, number - 1); }
  static constexpr Words words{.forward = "x₁ to the power p",
                               .local = {"p · x₁ to the power p − 1"},
                               .infix = "^",
                               .steep = {{{"n x^(n - 1)", "Add a small number to the base"}}}};
  Singular singular(double x) const {
    if (x == 0 && number < 0) return {"0 to a negative power, a division by 0", way_out::divisor};
    if (x < 0 && std::trunc(number) != number)
      return {"a negative number to a power that is not whole", way_out::not_negative};
    return {};
  }
};
struct AddNumber {
  static constexpr const char* name = "add";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  constexpr auto value(auto x) const { return math::add(x, like(x, number)); }
  constexpr auto slope(auto x) const { return like(x, 1); }
};
struct SubtractFromNumber {  // number - x
  static constexpr const char* name = "sub";
  static constexpr bool integers = true, number_first = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  constexpr auto value(auto x) const { return math::subtract(like(x, number), x); }
  constexpr auto slope(auto x) const { return like(x, -1); }
};
struct MultiplyByNumber {
  static constexpr const char* name = "mul";
  static constexpr bool integers = true;
  static constexpr Saves saves = Saves::nothing;
  double number;
  constexpr auto value(auto x) const { return math::multiply(x, like(x, number)); }
  constexpr auto slope(auto x) const { return like(x, number); }
};
struct DivideByNumber {  // x / number, a true division: x * (1 / number) rounds differently
  static constexpr const char* name = "div";
  static constexpr Saves saves = Saves::nothing;
  double number;
  constexpr auto value(auto x) const { return x / like(x, number); }
  constexpr auto slope(auto x) const { return 1 / like(x, number); }
};
struct DivideNumberBy {  // number / x
  static constexpr const char* name = "div";
  static constexpr bool number_first = true;
  static constexpr Saves saves = Saves::input;
  double number;
  constexpr auto value(auto x) const { return like(x, number) / x; }
  constexpr auto slope(auto x) const { return -(like(x, number) / x) / x; }
};

// Two operands.

struct Add {
  static constexpr const char* name = "add";
  static constexpr bool integers = true;
  static constexpr bool saves = false;
  static constexpr auto value(auto a, auto b) { return math::add(a, b); }
  static constexpr auto da(auto dy, auto, auto) { return dy; }
  static constexpr auto db(auto dy, auto, auto) { return dy; }
  static constexpr Words words{.forward = "x₁ + x₂", .local = {"1", "1"}, .infix = " + "};
};
struct Subtract {
  static constexpr const char* name = "sub";
  static constexpr bool integers = true;
  static constexpr bool saves = false;
  static constexpr auto value(auto a, auto b) { return math::subtract(a, b); }
  static constexpr auto da(auto dy, auto, auto) { return dy; }
  static constexpr auto db(auto dy, auto, auto) { return -dy; }
  static constexpr Words words{.forward = "x₁ − x₂", .local = {"1", "−1"}, .infix = " - "};
};
struct Multiply {
  static constexpr const char* name = "mul";
  static constexpr bool integers = true;
  static constexpr bool saves = true;
  static constexpr auto value(auto a, auto b) { return math::multiply(a, b); }
  static constexpr auto da(auto dy, auto, auto b) { return dy * b; }
  static constexpr auto db(auto dy, auto a, auto) { return dy * a; }
  static constexpr Words words{.forward = "x₁ · x₂",
                               .local = {"x₂", "x₁"},
                               .infix = " * ",
                               .steep = {{{"b", way_out::smaller}, {"a", way_out::smaller}}}};
};
struct Divide {
  static constexpr const char* name = "div";
  static constexpr bool saves = true;
  static constexpr auto value(auto a, auto b) { return a / b; }
  static constexpr auto da(auto dy, auto, auto b) { return dy / b; }
  static constexpr auto db(auto dy, auto a, auto b) { return -(dy / b) * (a / b); }
  static constexpr Words words{.forward = "x₁ / x₂",
                               .local = {"1 / x₂", "−x₁ / x₂²"},
                               .infix = " / ",
                               .steep = {{{"1 / b", way_out::divisor}, {"-a / b^2", way_out::divisor}}}};
  static constexpr Singular singular(double a, double b) {
    if (b == 0) return {a == 0 ? "0 / 0" : "a division by 0", way_out::divisor};
    if (math::abs(b) < 1) return {"a division by almost 0, too large to be represented", way_out::divisor};
    return {};
  }
};

// What runs over ops (instances for the CPU, offers of the GPU, words, tests) runs over these.
using UnaryOps = Types<Negate, Abs, Exp, Log, Sqrt, Square, Relu, Sigmoid, Tanh, Softplus>;
using NumberOps = Types<Pow, AddNumber, SubtractFromNumber, MultiplyByNumber, DivideByNumber, DivideNumberBy>;
using BinaryOps = Types<Add, Subtract, Multiply, Divide>;

}  // namespace wengert::kernels
