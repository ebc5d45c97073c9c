#include "autograd/inspect/inspect.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "autograd/inspect/anomaly.hpp"
#include "autograd/inspect/lint.hpp"

namespace wengert {
namespace {

template <class T>
void add(std::vector<Ref<T>>& refs, const Ref<T>& ref) {
  if (std::ranges::find(refs, ref) == refs.end()) refs.push_back(ref);
}

// What ops saved since the last one was recorded: a rule is made just before.
thread_local std::vector<Notes::Memory> just_saved;
// A number beside the next op's operands.
struct BesideNumber {
  double number;
  bool is_first;
};
constinit thread_local std::optional<BesideNumber> number_to_come;

std::vector<Notes::Input> inputs_of(std::span<const Operand> operands, DType dtype) {
  std::vector<Notes::Input> inputs;
  for (const Operand& operand : operands) inputs.push_back({Ref<Node>(operand.node), operand.value});
  if (const auto beside = std::exchange(number_to_come, {})) {
    inputs.insert(beside->is_first ? inputs.begin() : inputs.end(), {{}, Tensor::from({beside->number}, {}, dtype)});
  }
  return inputs;
}

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
  notes.inputs = inputs_of(operands, node.dtype);
  if (Anomaly::active()) Anomaly::check_value({node.op, node.where, notes, &node});
  if (Lint* const lint = Lint::current()) lint->recorded(node);
}

void Inspect::note_saved(const Tensor& value) {
  just_saved.push_back({value.storage().get(), value.storage()->bytes()});
}

void Inspect::note_number(double number, bool is_first) { number_to_come = {number, is_first}; }

// What was made from a cut value is cut too, and what was made from several is cut from all that they were made from.
Var Inspect::noted(const char* op, const Tensor& y, std::span<const Operand> operands) {
  just_saved.clear();
  const Notes notes{{}, y, inputs_of(operands, y.dtype())};
  if (Anomaly::active()) Anomaly::check_value({op, operands[0].where, notes, nullptr});
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
