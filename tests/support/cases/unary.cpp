// Every formula of kernels/ops/elementwise/unary.hpp, beside libm's.
#include "kernels/ops/elementwise/unary.hpp"

#include <cmath>

#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

template <class Op, class Formula>
void add_unary(const std::string& name, Op op, Operand range, Formula formula, Limits limits = {}) {
  add_case(
      name,
      [=](std::int64_t n, auto type) {
        using T = decltype(type);
        Operand x = range;
        x.numel = n;
        return Problem<T>{
            .inputs = {x},
            .results = {n},
            .forward = [=](Stream& stream,
                           const Buffers<T>& at) { run<&unary<Op, T>>(stream, nullptr, op, n, at.x[0], at.y[0]); },
            .backward =
                [=](Stream& stream, const Buffers<T>& at) {
                  const T* const saved = Op::saves == Saves::input    ? at.x[0]
                                         : Op::saves == Saves::result ? static_cast<const T*>(at.y[0])
                                                                      : nullptr;
                  run<&unary_backward<Op, T>>(stream, nullptr, op, n, saved, at.dy, at.dx[0]);
                },
            .reference =
                [=](const Values& in) {
                  Values y(1);
                  for (const double value : in[0]) y[0].push_back(formula(value));
                  return y;
                },
            .forward_elements = 2 * n,
            .backward_elements = Op::saves == Saves::nothing ? 2 * n : 3 * n};
      },
      limits);
}

const Register table([] {
  const Operand anywhere, positive{.low = 0.1, .high = 3}, off_zero{.low = 0.1, .high = 3, .both_signs = true};
  add_unary("neg", Negate{}, anywhere, [](double x) { return -x; });
  add_unary("abs", Abs{}, off_zero, [](double x) { return std::fabs(x); });
  add_unary("exp", Exp{}, anywhere, [](double x) { return std::exp(x); });
  add_unary("log", Log{}, positive, [](double x) { return std::log(x); });
  add_unary("sqrt", Sqrt{}, positive, [](double x) { return std::sqrt(x); });
  add_unary("square", Square{}, anywhere, [](double x) { return x * x; });
  for (const double exponent : {2., 3., 1., -1., 0.5, 2.5}) {
    const bool by_products =
        exponent >= 1 && exponent <= 3 && exponent != 2.5;  // elsewhere value or slope is std::pow's
    add_unary("pow " + std::to_string(exponent), Pow{exponent}, positive,
              [=](double x) { return std::pow(x, exponent); }, {.same_bits = by_products});
  }
  add_unary("relu", Relu{}, off_zero, [](double x) { return std::fmax(x, 0); });
  add_unary("sigmoid", Sigmoid{}, anywhere, [](double x) { return 1 / (1 + std::exp(-x)); });
  add_unary("tanh", Tanh{}, anywhere, [](double x) { return std::tanh(x); });
  add_unary("softplus", Softplus{}, anywhere, [](double x) { return std::log(1 + std::exp(x)); });
  add_unary("add number", AddNumber{0.75}, anywhere, [](double x) { return x + 0.75; });
  add_unary("number minus", SubtractFromNumber{0.75}, anywhere, [](double x) { return 0.75 - x; });
  add_unary("mul number", MultiplyByNumber{-1.5}, anywhere, [](double x) { return x * -1.5; });
  add_unary("div number", DivideByNumber{-1.5}, anywhere, [](double x) { return x / -1.5; });
  add_unary("number over", DivideNumberBy{-1.5}, off_zero, [](double x) { return -1.5 / x; });
});

}  // namespace
}  // namespace wengert::testing
