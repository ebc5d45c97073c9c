#include "autograd/inspect/watch/non_finite_causes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace wengert {
namespace {

using E = const Element&;

constexpr const char* under_root = "Add a small number under the root: sqrt(x + 1e-12)";
constexpr const char* in_log = "Keep the operand above 0, as in log(x + 1e-8), or use a loss that takes logits";
constexpr const char* in_divisor = "Add a small number (an eps) to the divisor";
constexpr const char* smaller = "Scale the operands down";

// The first that applies counts.
constexpr std::array<Cause, 9> causes{{
    {"log", [](E e) { return e.a == 0; }, "the logarithm of 0", in_log},
    {"log", [](E e) { return e.a < 0; }, "the logarithm of a negative number", in_log},
    {"sqrt", [](E e) { return e.a < 0; }, "the root of a negative number", "Use abs or square first, or relu"},
    {"pow", [](E e) { return e.a == 0 && e.b < 0; }, "0 to a negative power, a division by 0", in_divisor},
    {"pow", [](E e) { return e.a < 0 && std::trunc(e.b) != e.b; }, "a negative number to a power that is not whole",
     "Use abs or square first, or relu"},
    {"div", [](E e) { return e.b == 0 && e.a == 0; }, "0 / 0", in_divisor},
    {"div", [](E e) { return e.b == 0; }, "a division by 0", in_divisor},
    {"div", [](E e) { return std::abs(e.b) < 1; }, "a division by almost 0, too large to be represented", in_divisor},
    {"exp", [](E e) { return e.a > 0; }, "overflow: e^88.7 is the largest that float32 holds (float64: e^709.7)",
     "Subtract the largest operand first, as softmax and log_softmax do, or compute with logarithms"},
}};

constexpr std::array<Slope, 9> slopes{{
    {"log", 0, [](E e) { return 1 / e.a; }, "1 / x", in_log},
    {"sqrt", 0, [](E e) { return 0.5 / e.y; }, "1 / (2 sqrt(x))", under_root},
    {"pow", 0, [](E e) { return e.b == 0 ? 0 : e.b * std::pow(e.a, e.b - 1); }, "n x^(n - 1)",
     "Add a small number to the base"},
    {"div", 0, [](E e) { return 1 / e.b; }, "1 / b", in_divisor},
    {"div", 1, [](E e) { return -(e.a / e.b) / e.b; }, "-a / b^2", in_divisor},
    {"mul", 0, [](E e) { return e.b; }, "b", smaller},
    {"mul", 1, [](E e) { return e.a; }, "a", smaller},
    {"exp", 0, [](E e) { return e.y; }, "e^x", smaller},
    {"square", 0, [](E e) { return 2 * e.a; }, "2 x", smaller},
}};

}  // namespace

const Cause* cause_of(std::string_view op, const Element& element) {
  const auto* const found =
      std::ranges::find_if(causes, [&](const Cause& cause) { return cause.op == op && cause.applies(element); });
  return found == causes.end() ? nullptr : found;
}

const Slope* slope_of(std::string_view op, std::size_t operand) {
  const auto* const found =
      std::ranges::find_if(slopes, [&](const Slope& slope) { return slope.op == op && slope.operand == operand; });
  return found == slopes.end() ? nullptr : found;
}

}  // namespace wengert
