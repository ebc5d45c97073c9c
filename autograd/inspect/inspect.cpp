#include "autograd/inspect/inspect.hpp"

#include <algorithm>
#include <utility>

namespace wengert {
namespace {

template <class T>
void add(std::vector<Ref<T>>& refs, const Ref<T>& ref) {
  if (std::ranges::find(refs, ref) == refs.end()) refs.push_back(ref);
}

// What ops saved since the last one was recorded: a rule is made just before.
thread_local std::vector<Notes::Memory> just_saved;

bool is_detach(const Ref<Cut>& cut) { return cut->kind == Cut::Kind::detach; }

}  // namespace

Cut::Cut(Kind why, std::vector<Ref<Node>> made_by, Where place, std::string op)
    : kind(why), from(std::move(made_by)), where(place), what(std::move(op)) {}
Cut::~Cut() = default;
void destroy(Cut* cut) { delete cut; }

void Inspect::remember(Node& node, const Tensor& output, std::span<const Operand> operands) {
  Notes& notes = node.note();
  notes.output = output;
  notes.saved = std::exchange(just_saved, {});
  for (const Operand& operand : operands) notes.inputs.push_back({Ref<Node>(operand.node), operand.value});
}

void Inspect::note_saved(const Tensor& value) {
  just_saved.push_back({value.storage().get(), value.storage()->bytes()});
}

void Inspect::note_number(Node& node, double number, bool is_first) {
  std::vector<Notes::Input>& inputs = node.note().inputs;
  inputs.insert(is_first ? inputs.begin() : inputs.end(), {{}, Tensor::from({number}, {}, node.dtype)});
}

// What was made from a cut value is cut too, and what was made from several is cut from all that they were made from.
Var Inspect::noted(const char* op, const Tensor& y, std::span<const Operand> operands) {
  just_saved.clear();
  std::vector<Ref<Node>> from;
  std::vector<Ref<Cut>> cuts;
  for (const Operand& operand : operands) {
    if (operand.wants_gradient()) add(from, Ref<Node>(operand.node));  // so a NoGrad scope is why it is not recorded
    if (!operand.wants_gradient() && operand.value.cut()) add(cuts, operand.value.cut());
  }
  if (from.empty() && cuts.empty()) return Var(y);
  if (from.empty() && cuts.size() == 1) return Var(y.with_cut(cuts[0]));
  const bool detached = from.empty() && std::ranges::all_of(cuts, is_detach);
  for (const Ref<Cut>& cut : cuts) {
    for (const Ref<Node>& node : cut->from) add(from, node);
  }
  const Cut::Kind kind = detached ? Cut::Kind::detach : Cut::Kind::no_grad;
  return Var(y.with_cut(Ref<Cut>(new Cut(kind, std::move(from), operands[0].where, op))));
}

}  // namespace wengert
