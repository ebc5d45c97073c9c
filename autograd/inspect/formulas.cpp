#include "autograd/inspect/formulas.hpp"

#include <algorithm>
#include <array>

namespace wengert {
namespace {

struct Formula {
  std::string_view op, forward;
  std::array<std::string_view, 3> local;  // by operand; the last one given counts for all after it
  bool elementwise = true;
};

// The kernels' contracts (kernels/*.hpp) say the same, with what holds at kinks.
constexpr Formula formulas[] = {
    {"add", "a + b", {"1", "1"}},
    {"sub", "a − b", {"1", "−1"}},
    {"mul", "a · b", {"b", "a"}},
    {"div", "a / b", {"1 / b", "−a / b²"}},
    {"neg", "−a", {"−1"}},
    {"abs", "|a|", {"sign(a)"}},
    {"exp", "eᵃ", {"y"}},
    {"log", "log a", {"1 / a"}},
    {"sqrt", "√a", {"1 / (2 y)"}},
    {"square", "a²", {"2 a"}},
    {"pow", "a to the power b", {"b · a to the power b − 1"}},
    {"relu", "max(a, 0)", {"1 where a > 0, else 0"}},
    {"sigmoid", "1 / (1 + e⁻ᵃ)", {"y (1 − y)"}},
    {"tanh", "tanh a", {"1 − y²"}},
    {"softplus", "log(1 + eᵃ)", {"1 / (1 + e⁻ᵃ)"}},
    {"sum", "the sum of a", {"1 for each number"}, false},
    {"mean", "the mean of the n numbers of a", {"1 / n for each number"}, false},
    {"max", "the largest of a", {"1 at the largest, 0 elsewhere"}, false},
    {"matmul", "a b, a product of matrices", {"u bᵀ", "aᵀ u"}, false},
    {"linear", "x Wᵀ + b", {"u W", "uᵀ x", "the sum of u's rows"}, false},
    {"transpose", "aᵀ", {"uᵀ"}, false},
    {"reshape", "a in another shape", {"u in a's shape"}, false},
    {"select", "one slice of a", {"u at its place, 0 elsewhere"}, false},
    {"slice", "a part of a", {"u at its place, 0 elsewhere"}, false},
    {"cat", "the operands side by side", {"its part of u"}, false},
    {"softmax", "eᵃ / Σeᵃ", {"y (u − Σ u y)"}, false},
    {"log_softmax", "a − log Σeᵃ", {"u − eʸ Σu"}, false},
    {"mse", "the mean of (a − t)²", {"2 (a − t) / n"}, false},
    {"bce", "the mean of −t log a − (1 − t) log(1 − a)", {"(a − t) / (a (1 − a) n)"}, false},
    {"bce_with_logits", "bce of sigmoid(a)", {"(sigmoid(a) − t) / n"}, false},
    {"cross_entropy", "the mean of −log softmax(a) at the label", {"(softmax(a) − one-hot) / rows"}, false},
    {"soft_cross_entropy", "the mean of −Σ p log softmax(a)", {"(softmax(a) − p) / rows"}, false},
    {"inverse_l1", "Σ 1 / S, S = Σ|A − B|", {"", "sign(A − B) / S²"}, false},
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
