#include "autograd/inspect/watch/remembered.hpp"

#include <algorithm>
#include <vector>

#include "autograd/recorder.hpp"
#include "kernels/base/memory.hpp"

namespace wengert {
namespace {

constexpr std::int64_t few = 16;

// A node in an input's place, so that what the rule sends there arrives alone. A parameter's stands where the parameter
// does: the rule of a loss of whole models writes to their flat gradient, wherever its sinks are.
struct StandIn {
  std::size_t index;
  Ref<Node> node;
  Tensor place, before;  // the parameter's gradient, and what it held

  StandIn(std::size_t i, const Node& input, bool at_its_place)
      : index(i), node(new Node(input.op, input.where, Tensor::empty(input.shape, input.dtype, input.device))) {
    if (!at_its_place || !input.gradient.defined()) return;
    place = input.gradient;
    before = place.clone();
    node->gradient = place;
  }
  Tensor received() const {
    if (!node->has_gradient) return {};
    return place.defined() ? node->gradient.clone() : node->gradient;
  }
  void restore() const {
    if (place.defined()) place.assign(before);
  }
};

std::vector<StandIn> stand_ins_of(std::span<Ref<Node>> inputs) {
  std::vector<StandIn> result;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i] || !inputs[i]->wants_gradient()) continue;
    const bool is_first = std::find(inputs.begin(), inputs.end(), inputs[i]) - inputs.begin() == std::ptrdiff_t(i);
    result.push_back(StandIn(i, *inputs[i], inputs[i]->is_leaf && is_first));
  }
  return result;
}

// The share of each input, undefined where it wants none. The rule keeps all that it has for the run that counts.
std::vector<Tensor> run_rule(Node& node, const Tensor& upstream) {
  const std::vector<StandIn> stand_ins = stand_ins_of(node.inputs());
  PoolVector<Ref<Node>> targets(node.inputs().size());
  for (const StandIn& one : stand_ins) targets[one.index] = one.node;
  std::vector<Tensor> shares(targets.size());
  try {
    node.propagate(upstream, Sinks(targets, false));
    for (const StandIn& one : stand_ins) shares[one.index] = one.received();
  } catch (...) {
    for (const StandIn& one : stand_ins) one.restore();
    throw;
  }
  for (const StandIn& one : stand_ins) one.restore();
  return shares;
}

std::vector<Remembered::Input> inputs_of(const Operation& operation) {
  std::vector<Remembered::Input> inputs;
  for (const Operand& operand : operation.operands) inputs.push_back({Ref<Node>(operand.node), operand.value});
  if (const auto& number = operation.number) {
    inputs.insert(number->is_first ? inputs.begin() : inputs.end(),
                  {{}, Tensor::from({number->value}, {}, operation.result.dtype())});
  }
  return inputs;
}

}  // namespace

Remembered::Remembered(const Operation& operation) : output(operation.result), inputs(inputs_of(operation)) {}

// Its inputs' gradients will hold sums of such shares, so the rule runs for each input apart, and once more; they keep
// their bits. The local derivative is that of a small result only.
void Remembered::rule_begins(Node& step) {
  if (inputs.empty() || Recorder::current()) return;
  const std::size_t edges = step.inputs().size();
  const std::size_t first = inputs.size() > edges && !inputs.front().node ? 1 : 0;  // past a number, which has no edge
  const std::vector<Tensor> shares = run_rule(step, step.gradient);
  const bool is_small = step.shape.numel() <= few;
  const std::vector<Tensor> locals =
      is_small ? run_rule(step, Tensor::ones(step.shape, step.dtype, step.device)) : std::vector<Tensor>(edges);
  for (std::size_t i = 0; i < edges; ++i) {
    inputs[first + i].share = shares[i];
    inputs[first + i].local = locals[i];
  }
}

}  // namespace wengert
