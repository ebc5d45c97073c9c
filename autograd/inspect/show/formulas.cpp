#include "autograd/inspect/show/formulas.hpp"

#include <algorithm>
#include <array>

namespace wengert {
namespace {

struct Formula {
  std::string_view op, forward;
  std::array<std::string_view, 3> local;  // by operand; the last one given counts for all after it
  bool elementwise = true;
};

// The operands are x₁, x₂, x₃ and the result is out: names that no program's own variables have. u is upstream. The
// kernels' contracts (kernels/*.hpp) say the same, with what holds at kinks.
constexpr Formula formulas[] = {
    {"add", "x₁ + x₂", {"1", "1"}},
    {"sub", "x₁ − x₂", {"1", "−1"}},
    {"mul", "x₁ · x₂", {"x₂", "x₁"}},
    {"div", "x₁ / x₂", {"1 / x₂", "−x₁ / x₂²"}},
    {"neg", "−x₁", {"−1"}},
    {"abs", "|x₁|", {"sign(x₁)"}},
    {"exp", "exp(x₁)", {"out"}},
    {"log", "log x₁", {"1 / x₁"}},
    {"sqrt", "√x₁", {"1 / (2 out)"}},
    {"square", "x₁²", {"2 x₁"}},
    {"pow", "x₁ to the power p", {"p · x₁ to the power p − 1"}},
    {"relu", "max(x₁, 0)", {"1 where x₁ > 0, else 0"}},
    {"sigmoid", "1 / (1 + exp(−x₁))", {"out (1 − out)"}},
    {"tanh", "tanh x₁", {"1 − out²"}},
    {"softplus", "log(1 + exp(x₁))", {"1 / (1 + exp(−x₁))"}},
    {"sum", "the sum of x₁", {"1 for each number"}, false},
    {"mean", "the mean of the n numbers of x₁", {"1 / n for each number"}, false},
    {"max", "the largest of x₁", {"1 at the largest, 0 elsewhere"}, false},
    {"matmul", "x₁ x₂, a product of matrices", {"u x₂ᵀ", "x₁ᵀ u"}, false},
    {"linear", "x₁ x₂ᵀ + x₃", {"u x₂", "uᵀ x₁", "the sum of u's rows"}, false},
    {"transpose", "x₁ᵀ", {"uᵀ"}, false},
    {"reshape", "x₁ in another shape", {"u in the shape of x₁"}, false},
    {"select", "one slice of x₁", {"u at its place, 0 elsewhere"}, false},
    {"slice", "a part of x₁", {"u at its place, 0 elsewhere"}, false},
    {"cat", "the operands side by side", {"its part of u"}, false},
    {"softmax", "exp(x₁) / Σ exp(x₁)", {"out (u − Σ u out)"}, false},
    {"log_softmax", "x₁ − log Σ exp(x₁)", {"u − exp(out) Σu"}, false},
    {"mse", "the mean of (x₁ − x₂)²", {"2 (x₁ − x₂) / n"}, false},
    {"bce", "the mean of −x₂ log x₁ − (1 − x₂) log(1 − x₁)", {"(x₁ − x₂) / (x₁ (1 − x₁) n)"}, false},
    {"bce_with_logits", "bce of sigmoid(x₁) and x₂", {"(sigmoid(x₁) − x₂) / n"}, false},
    {"cross_entropy", "the mean of −log softmax(x₁) at the label", {"(softmax(x₁) − one-hot) / rows"}, false},
    {"soft_cross_entropy", "the mean of −Σ x₂ log softmax(x₁)", {"(softmax(x₁) − x₂) / rows"}, false},
    {"inverse_l1",
     "Σ 1 / S, where S = Σ|reference − trained| of each pair",
     {"", "sign(reference − trained) / S²"},
     false},
    {"flat", "all parameters as one vector", {"its part of u"}, false},
};

const Formula* find(std::string_view op) {
  const auto* const found =
      std::find_if(std::begin(formulas), std::end(formulas), [&](const Formula& formula) { return formula.op == op; });
  return found == std::end(formulas) ? nullptr : found;
}

}  // namespace

std::string forward_formula(std::string_view op) {
  const Formula* const formula = find(op);
  return formula ? std::string(formula->forward) : std::string();
}

std::string local_formula(std::string_view op, std::size_t operand) {
  const Formula* const formula = find(op);
  if (!formula) return "";
  std::size_t given = formula->local.size();
  while (given > 1 && formula->local[given - 1].empty()) --given;
  return std::string(formula->local[std::min(operand, given - 1)]);
}

bool is_elementwise(std::string_view op) {
  const Formula* const formula = find(op);
  return formula && formula->elementwise;
}

}  // namespace wengert
