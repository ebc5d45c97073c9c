#include "autograd/inspect/shares.hpp"

#include <algorithm>
#include <vector>

#include "autograd/recorder.hpp"
#include "kernels/memory.hpp"

namespace wengert {
namespace {

constexpr std::int64_t few = 16;

// A node in an input's place, so that what the rule sends there arrives alone. A parameter's stands where the parameter
// does: the rule of a loss of whole models writes to their flat gradient, wherever its sinks are.
struct StandIn {
  Ref<Node> node;
  Tensor before;  // what the parameter's gradient held

  StandIn(const Node& input, bool at_its_place) : node(new Node(input.op, input.where, input.gradient)) {
    if (!at_its_place) return;
    before = input.gradient.clone();
    node->gradient = input.gradient;
  }
  Tensor received() const {
    if (!node->has_gradient) return {};
    return before.defined() ? node->gradient.clone() : node->gradient;
  }
};

// The share of each input, undefined where it wants none.
std::vector<Tensor> run_rule(Node& node, const Tensor& upstream) {
  const std::span<Ref<Node>> inputs = node.inputs();
  std::vector<std::pair<std::size_t, StandIn>> stand_ins;
  PoolVector<Ref<Node>> targets(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i] || !inputs[i]->wants_gradient() || !inputs[i]->gradient.defined()) continue;
    const bool is_first = std::find(inputs.begin(), inputs.end(), inputs[i]) == inputs.begin() + std::ptrdiff_t(i);
    stand_ins.push_back({i, StandIn(*inputs[i], inputs[i]->is_leaf && is_first)});
    targets[i] = stand_ins.back().second.node;
  }
  node.propagate(upstream, Sinks(targets));
  std::vector<Tensor> shares(inputs.size());
  for (const auto& [i, stand_in] : stand_ins) {
    shares[i] = stand_in.received();
    if (stand_in.before.defined()) inputs[i]->gradient.assign(stand_in.before);
  }
  return shares;
}

}  // namespace

void note_shares(Node& node) {
  std::vector<Notes::Input>& inputs = node.notes->inputs;
  if (inputs.empty() || Recorder::current()) return;
  const std::size_t edges = node.inputs().size();
  const std::size_t first = inputs.size() > edges && !inputs.front().node ? 1 : 0;  // past a number, which has no edge
  const std::vector<Tensor> shares = run_rule(node, node.gradient);
  const bool is_small = node.shape.numel() <= few;
  const std::vector<Tensor> local =
      is_small ? run_rule(node, Tensor::ones(node.shape, node.dtype, node.device)) : std::vector<Tensor>(edges);
  for (std::size_t i = 0; i < edges; ++i) {
    inputs[first + i].share = shares[i];
    inputs[first + i].local = local[i];
  }
}

}  // namespace wengert
