#include "autograd/inspect/inspect.hpp"

#include "autograd/no_grad.hpp"

namespace wengert {

void destroy(Cut* cut) { delete cut; }

void Inspect::remember(Node& node, const Tensor& output, std::span<const Operand> operands) {
  Notes& notes = node.note();
  notes.output = output;
  for (const Operand& operand : operands) notes.inputs.push_back({Ref<Node>(operand.node), operand.value});
}

Var Inspect::noted(const char* op, const Tensor& y, std::span<const Operand> operands) {
  for (const Operand& operand : operands) {
    if (operand.wants_gradient() && NoGrad::active()) {
      return Var(y.with_cut(Ref<Cut>(
          new Cut{.kind = Cut::Kind::no_grad, .from = Ref<Node>(operand.node), .where = operand.where, .what = op})));
    }
    if (operand.value.cut()) return Var(y.with_cut(operand.value.cut()));  // what was made from a cut value is cut too
  }
  return Var(y);
}

}  // namespace wengert
