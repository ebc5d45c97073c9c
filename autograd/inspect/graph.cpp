#include "autograd/inspect/graph.hpp"

#include <algorithm>
#include <utility>

#include "autograd/inspect/watch/remembered.hpp"

namespace wengert {
namespace {

// The i-th noted input of a step. A leaf that the step did not record was frozen then, whatever it is now.
bool is_frozen(Node& step, std::size_t i, const Node& input) {
  if (!input.is_leaf || input.frozen || step.released) return input.frozen;
  const std::span<Ref<Node>> recorded = step.inputs();
  if (i < recorded.size() && recorded[i].get() == &input) return false;
  return std::ranges::find(recorded, &input, &Ref<Node>::get) == recorded.end();
}

}  // namespace

std::size_t TapeGraph::AddressNumbers::slot_of(const void* address) const {
  const std::uint64_t hash =
      (reinterpret_cast<std::uintptr_t>(address) >> 4) * 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
  std::size_t at = (hash >> 32) & (slots_.size() - 1);
  while (slots_[at].address && slots_[at].address != address) at = (at + 1) & (slots_.size() - 1);
  return at;
}

std::uint32_t TapeGraph::AddressNumbers::number(const void* address, std::uint32_t next) {
  Slot& slot = slots_[slot_of(address)];
  if (slot.address) return slot.number;
  slot = {address, next};
  if (++taken_ * 2 > slots_.size()) grow();
  return next;
}

std::optional<std::uint32_t> TapeGraph::AddressNumbers::find(const void* address) const {
  const Slot& slot = slots_[slot_of(address)];
  return slot.address ? std::optional(slot.number) : std::nullopt;
}

void TapeGraph::AddressNumbers::grow() {
  std::vector<Slot> before(slots_.size() * 4);
  std::swap(before, slots_);
  for (const Slot& slot : before) {
    if (slot.address) slots_[slot_of(slot.address)] = slot;
  }
}

TapeGraph::TapeGraph(const Var& value) {
  require_defined("tape", "the value", value);
  const Tensor& tensor = Operand(value).value;
  if (Node* const node = value.node().get()) {
    meet(*node, &tensor);
  } else {
    add(&value, {.behind_cut = false});
    visited_[0] = true;
    if (const Cut* const cut = cut_of(tensor)) edges_.push_back({0, meet(*cut, &tensor), Edge::Kind::cut});
    vertices_[0].end_of_edges = edges_.size();
  }
  visit();
  size_before_cuts_ = size();
  look_behind_cuts();
}

TapeGraph::Index TapeGraph::add(const void* address, const Vertex& vertex) {
  const auto next = static_cast<Index>(size());
  const Index at = indices_.number(address, next);
  if (at == next) {
    vertices_.push_back(vertex);
    visited_.push_back(false);
  }
  return at;
}

TapeGraph::Index TapeGraph::meet(Node& node, const Tensor* value) {
  const Index at = add(&node, {.node = &node});
  if (visited_[at]) return at;
  visited_[at] = true;
  waiting_.push_back(at);
  if (size_before_cuts_ == 0) {
    vertices_[at].value = value;
    vertices_[at].behind_cut = false;
  }
  return at;
}

// What it was made from is not looked behind yet, and may still be met otherwise.
TapeGraph::Index TapeGraph::meet(const Cut& cut, const Tensor* value) {
  if (const auto known = indices_.find(&cut)) return *known;
  for (const Ref<Node>& from : cut.from) add(from.get(), {.node = from.get()});
  return add(&cut, {.cut = &cut, .value = value, .behind_cut = size_before_cuts_ != 0});
}

// An explicit stack, as in backward: depth is no limit.
void TapeGraph::visit() {
  while (!waiting_.empty()) {
    const Index step = waiting_.back();
    waiting_.pop_back();
    vertices_[step].first_edge = edges_.size();
    look_behind(step);
    vertices_[step].end_of_edges = edges_.size();
  }
}

// As an Inspect scope noted the inputs; otherwise what the tape itself keeps until backward has run over it.
void TapeGraph::look_behind(Index step) {
  Node& node = *vertices_[step].node;
  const auto add = [&](Index to, Edge::Kind kind) { edges_.push_back({step, to, kind}); };
  const Remembered* const notes = remembered(node);
  if (!notes || notes->inputs.empty()) {
    vertices_[step].forgets = !node.is_leaf;
    for (const Ref<Node>& input : node.inputs()) {
      if (input) add(meet(*input, nullptr), input->frozen ? Edge::Kind::frozen : Edge::Kind::live);
    }
    return;
  }
  for (std::size_t i = 0; i < notes->inputs.size(); ++i) {
    const Remembered::Input& input = notes->inputs[i];
    if (input.node) {
      const bool frozen = is_frozen(node, i, *input.node);
      add(meet(*input.node, &input.value), frozen ? Edge::Kind::frozen : Edge::Kind::live);
    } else if (const Cut* const cut = cut_of(input.value)) {
      add(meet(*cut, &input.value), Edge::Kind::cut);
    } else {
      vertices_[step].takes_constant = true;
    }
  }
}

void TapeGraph::look_behind_cuts() {
  for (Index at = 0; at < size(); ++at) {
    if (const Cut* const cut = vertices_[at].cut) {
      vertices_[at].first_edge = edges_.size();
      for (const Ref<Node>& from : cut->from) edges_.push_back({at, meet(*from, nullptr), Edge::Kind::cut});
      vertices_[at].end_of_edges = edges_.size();
    }
    visit();
  }
}

}  // namespace wengert
