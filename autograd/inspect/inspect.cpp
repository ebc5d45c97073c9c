#include "autograd/inspect/inspect.hpp"

#include "autograd/no_grad.hpp"

namespace wengert {

Cut::Cut(Kind why, std::vector<Ref<Node>> made_by, Where place, std::string op)
    : kind(why), from(std::move(made_by)), where(place), what(std::move(op)) {}
Cut::~Cut() = default;
void destroy(Cut* cut) { delete cut; }

void Inspect::remember(Node& node, const Tensor& output, std::span<const Operand> operands) {
  Notes& notes = node.note();
  notes.output = output;
  for (const Operand& operand : operands) notes.inputs.push_back({Ref<Node>(operand.node), operand.value});
}

Var Inspect::noted(const char* op, const Tensor& y, std::span<const Operand> operands) {
  std::vector<Ref<Node>> from;
  for (const Operand& operand : operands) {
    if (operand.wants_gradient() && NoGrad::active()) from.emplace_back(operand.node);
  }
  if (!from.empty()) {
    return Var(y.with_cut(Ref<Cut>(new Cut(Cut::Kind::no_grad, std::move(from), operands[0].where, op))));
  }
  for (const Operand& operand : operands) {
    if (operand.value.cut()) return Var(y.with_cut(operand.value.cut()));  // what was made from a cut value is cut too
  }
  return Var(y);
}

}  // namespace wengert
