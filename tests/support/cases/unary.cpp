// Every op of one operand in kernels/ops/elementwise/table.hpp: the engine's function, and the same by libm.
#include "autograd/ops/unary.hpp"

#include <cmath>
#include <limits>

#include "kernels/ops/elementwise/elementwise.hpp"
#include "tests/support/elementwise_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

template <class Op, class F, class Formula>
void add_unary(const std::string& name, Op op, InputRange range, std::vector<Point> points, F f, Formula formula,
               Limits limits = {}) {
  add_elementwise<Op>(name, range, f, std::move(points));
  add_case(
      name,
      [=](std::int64_t n, auto type) {
        using T = decltype(type);
        InputRange x = range;
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

constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
constexpr double huge = 1e30;

const Register table([] {
  const InputRange anywhere, positive{.low = 0.1, .high = 3}, off_zero{.low = 0.1, .high = 3, .both_signs = true};
  add_unary(
      "neg", Negate{}, anywhere, {}, [](auto x) { return -x; }, [](double x) { return -x; });
  add_unary(
      "abs", Abs{}, off_zero, {{0, 0, 0}, {-0.0, 0, 0}}, [](auto x) { return abs(x); },
      [](double x) { return std::fabs(x); });
  add_unary(
      "exp", Exp{}, anywhere, {{huge, inf, inf}, {-huge, 0, 0}}, [](auto x) { return exp(x); },
      [](double x) { return std::exp(x); });
  add_unary(
      "log", Log{}, positive, {{0, -inf, inf}, {-0.0, -inf, -inf}, {-1, nan, -1}}, [](auto x) { return log(x); },
      [](double x) { return std::log(x); });
  add_unary(
      "sqrt", Sqrt{}, positive, {{0, 0, inf}, {-1, nan, nan}}, [](auto x) { return sqrt(x); },
      [](double x) { return std::sqrt(x); });
  add_unary(
      "square", Square{}, anywhere, {}, [](auto x) { return square(x); }, [](double x) { return x * x; });
  add_unary(
      "relu", Relu{}, off_zero, {{0, 0, 0}, {-0.0, 0, 0}, {nan, nan, 1}, {-inf, 0, 0}}, [](auto x) { return relu(x); },
      [](double x) { return std::fmax(x, 0); });
  add_unary(
      "sigmoid", Sigmoid{}, anywhere, {{huge, 1, 0}, {-huge, 0, 0}}, [](auto x) { return sigmoid(x); },
      [](double x) { return 1 / (1 + std::exp(-x)); });
  add_unary(
      "tanh", Tanh{}, anywhere, {{huge, 1, 0}, {-huge, -1, 0}}, [](auto x) { return tanh(x); },
      [](double x) { return std::tanh(x); });
  add_unary(
      "softplus", Softplus{}, anywhere, {{huge, huge, 1}, {-huge, 0, 0}}, [](auto x) { return softplus(x); },
      [](double x) { return std::log(1 + std::exp(x)); });

  for (const double p : {2., 3., 1., -1., 0.5, 2.5}) {
    const bool by_products = p >= 1 && p <= 3 && p != 2.5;  // elsewhere value or slope is std::pow's
    add_unary(
        "pow " + std::to_string(p), Pow{p}, positive, {}, [p](auto x) { return pow(x, p); },
        [p](double x) { return std::pow(x, p); }, {.same_bits = by_products});
  }
  add_unary(
      "add number", AddNumber{0.75}, anywhere, {}, [](auto x) { return x + 0.75; }, [](double x) { return x + 0.75; });
  add_unary(
      "number minus", SubtractFromNumber{0.75}, anywhere, {}, [](auto x) { return 0.75 - x; },
      [](double x) { return 0.75 - x; });
  add_unary(
      "mul number", MultiplyByNumber{-1.5}, anywhere, {}, [](auto x) { return x * -1.5; },
      [](double x) { return x * -1.5; });
  add_unary(
      "div number", DivideByNumber{-1.5}, anywhere, {}, [](auto x) { return x / -1.5; },
      [](double x) { return x / -1.5; });
  add_unary(
      "number over", DivideNumberBy{-1.5}, off_zero, {}, [](auto x) { return -1.5 / x; },
      [](double x) { return -1.5 / x; });
});

}  // namespace
}  // namespace wengert::testing
