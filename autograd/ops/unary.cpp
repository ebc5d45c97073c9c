#include "autograd/ops/unary.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"

namespace wengert {
namespace {

using kernels::AlsoInteger;

template <class Op>
concept BesideNumber = requires(Op op) {
  op.number;
};
template <class Op>
concept NumberFirst = requires {
  Op::number_first;
};

template <class Op>
Tensor apply(Op op, const Tensor& x) {
  require_operands(Op::name, x);
  if constexpr (AlsoInteger<Op> && BesideNumber<Op>) {
    if (x.dtype() == DType::i32) number_as<std::int32_t>(Op::name, op.number);
  }
  Tensor y = Tensor::empty(x.shape(), x.dtype(), x.device());
  const auto run = [&](auto zero) { launch<&kernels::unary<Op, decltype(zero)>>(op, x.numel(), x, y); };
  if constexpr (AlsoInteger<Op>) {
    dispatch(x.dtype(), run);
  } else {
    dispatch_floating(Op::name, x.dtype(), run);
  }
  return y;
}

template <class Op>
struct Rule {
  Op op;
  Saved saved;

  void operator()(const Tensor& dy, const Sinks& dx) const {
    dispatch_floating(Op::name, dy.dtype(), [&](auto zero) {
      launch<&kernels::unary_backward<Op, decltype(zero)>>(op, dy.numel(), saved, dy, dx[0]);
    });
  }
  std::optional<NumberOperand> number() const {
    if constexpr (BesideNumber<Op>) return NumberOperand{op.number, NumberFirst<Op>};
    return std::nullopt;
  }
};

template <class Op>
Var apply(Op op, const Operand& x) {
  const Tensor y = apply(op, x.value);
  Saved saved;
  if constexpr (Op::saves == kernels::Saves::input) saved = Saved(Op::name, x.value);
  if constexpr (Op::saves == kernels::Saves::result) saved = Saved(Op::name, y);
  return record<Op>(y, Rule<Op>{op, saved}, x);
}

// What to add where `number` is subtracted. An int32 wraps around, so that the least one is its own negative.
double negative(double number, const Tensor& beside) {
  if (!beside.defined() || beside.dtype() != DType::i32) return -number;
  return kernels::math::negate(number_as<std::int32_t>("sub", number));
}

}  // namespace

Tensor operator-(const Tensor& x) { return apply(kernels::Negate{}, x); }
Var operator-(Operand x) { return apply(kernels::Negate{}, x); }
Tensor abs(const Tensor& x) { return apply(kernels::Abs{}, x); }
Var abs(Operand x) { return apply(kernels::Abs{}, x); }
Tensor exp(const Tensor& x) { return apply(kernels::Exp{}, x); }
Var exp(Operand x) { return apply(kernels::Exp{}, x); }
Tensor log(const Tensor& x) { return apply(kernels::Log{}, x); }
Var log(Operand x) { return apply(kernels::Log{}, x); }
Tensor sqrt(const Tensor& x) { return apply(kernels::Sqrt{}, x); }
Var sqrt(Operand x) { return apply(kernels::Sqrt{}, x); }
Tensor square(const Tensor& x) { return apply(kernels::Square{}, x); }
Var square(Operand x) { return apply(kernels::Square{}, x); }
Tensor pow(const Tensor& x, double exponent) { return apply(kernels::Pow{exponent}, x); }
Var pow(Operand x, double exponent) { return apply(kernels::Pow{exponent}, x); }
Tensor relu(const Tensor& x) { return apply(kernels::Relu{}, x); }
Var relu(Operand x) { return apply(kernels::Relu{}, x); }
Tensor sigmoid(const Tensor& x) { return apply(kernels::Sigmoid{}, x); }
Var sigmoid(Operand x) { return apply(kernels::Sigmoid{}, x); }
Tensor tanh(const Tensor& x) { return apply(kernels::Tanh{}, x); }
Var tanh(Operand x) { return apply(kernels::Tanh{}, x); }
Tensor softplus(const Tensor& x) { return apply(kernels::Softplus{}, x); }
Var softplus(Operand x) { return apply(kernels::Softplus{}, x); }

Tensor operator+(const Tensor& x, double number) { return apply(kernels::AddNumber{number}, x); }
Tensor operator+(double number, const Tensor& x) { return x + number; }
Tensor operator-(const Tensor& x, double number) { return x + negative(number, x); }
Tensor operator-(double number, const Tensor& x) { return apply(kernels::SubtractFromNumber{number}, x); }
Tensor operator*(const Tensor& x, double number) { return apply(kernels::MultiplyByNumber{number}, x); }
Tensor operator*(double number, const Tensor& x) { return x * number; }
Tensor operator/(const Tensor& x, double number) { return apply(kernels::DivideByNumber{number}, x); }
Tensor operator/(double number, const Tensor& x) { return apply(kernels::DivideNumberBy{number}, x); }
Var operator+(Operand x, double number) { return apply(kernels::AddNumber{number}, x); }
Var operator+(double number, Operand x) { return x + number; }
Var operator-(Operand x, double number) { return x + negative(number, x.value); }
Var operator-(double number, Operand x) { return apply(kernels::SubtractFromNumber{number}, x); }
Var operator*(Operand x, double number) { return apply(kernels::MultiplyByNumber{number}, x); }
Var operator*(double number, Operand x) { return x * number; }
Var operator/(Operand x, double number) { return apply(kernels::DivideByNumber{number}, x); }
Var operator/(double number, Operand x) { return apply(kernels::DivideNumberBy{number}, x); }

}  // namespace wengert
