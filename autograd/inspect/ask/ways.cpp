#include "autograd/inspect/ask/ways.hpp"

#include <algorithm>
#include <utility>

#include "autograd/inspect/watch/cut.hpp"
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

std::size_t NodeNumbers::slot_of(const Node* node) const {
  const std::uint64_t hash = (reinterpret_cast<std::uintptr_t>(node) >> 4) * 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
  std::size_t at = (hash >> 32) & (slots_.size() - 1);
  while (slots_[at].node && slots_[at].node != node) at = (at + 1) & (slots_.size() - 1);
  return at;
}

std::uint32_t NodeNumbers::number(const Node* node, std::uint32_t next) {
  Slot& slot = slots_[slot_of(node)];
  if (slot.node) return slot.number;
  slot = {node, next};
  if (++taken_ * 2 > slots_.size()) grow();
  return next;
}

std::optional<std::uint32_t> NodeNumbers::find(const Node* node) const {
  const Slot& slot = slots_[slot_of(node)];
  return slot.node ? std::optional(slot.number) : std::nullopt;
}

void NodeNumbers::grow() {
  std::vector<Slot> before(slots_.size() * 4);
  std::swap(before, slots_);
  for (const Slot& slot : before) {
    if (slot.node) slots_[slot_of(slot.node)] = slot;
  }
}

Ways::Ways(const Var& loss) {
  const Tensor value = loss.detach();
  nodes_.push_back(loss.node().get());
  if (nodes_[0]) places_.number(nodes_[0], 0);
  for (Place at = 0; at < nodes_.size(); ++at) {
    first_.push_back(edges_.size());
    facts_.emplace_back();
    if (Node* const node = nodes_[at]) {
      look_behind(at, *node);
    } else if (const Cut* const cut = cut_of(value)) {
      add(at, *cut);
    }
  }
  first_.push_back(edges_.size());
  measure();
}

Ways::Place Ways::place(Node* node) {
  const Place next = static_cast<Place>(nodes_.size());
  const Place at = places_.number(node, next);
  if (at == next) nodes_.push_back(node);
  return at;
}

// As an Inspect scope noted the inputs; otherwise what the tape itself keeps until backward has run over it.
void Ways::look_behind(Place from, Node& node) {
  const Remembered* const notes = remembered(node);
  if (!notes || notes->inputs.empty()) {
    facts_[from] = {false, !node.is_leaf, node.released};
    for (const Ref<Node>& input : node.inputs()) {
      if (input) edges_.push_back({from, place(input.get()), input->frozen ? Link::frozen : Link::live, nullptr});
    }
    return;
  }
  for (std::size_t i = 0; i < notes->inputs.size(); ++i) {
    const Remembered::Input& input = notes->inputs[i];
    if (input.node) {
      const bool frozen = is_frozen(node, i, *input.node);
      edges_.push_back({from, place(input.node.get()), frozen ? Link::frozen : Link::live, nullptr});
    } else if (const Cut* const cut = cut_of(input.value)) {
      add(from, *cut);
    } else {
      facts_[from].takes_constant = true;
    }
  }
}

void Ways::add(Place from, const Cut& cut) {
  for (const Ref<Node>& node : cut.from) edges_.push_back({from, place(node.get()), Link::cut, &cut});
}

// Breadth first along live edges.
void Ways::measure() {
  distance_.assign(size(), far);
  arrival_.resize(size());
  std::vector<Place> queue{0};
  distance_[0] = 0;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Place at = queue[next];
    if (facts_[at].takes_constant) constants_.push_back(at);
    forgetful_ += facts_[at].forgets ? 1 : 0;
    used_up_ += facts_[at].is_used_up ? 1 : 0;
    for (std::size_t i = first_[at]; i < first_[at + 1]; ++i) {
      const Edge& edge = edges_[i];
      if (edge.link != Link::live || is_live(edge.to)) continue;
      distance_[edge.to] = distance_[at] + 1;
      arrival_[edge.to] = i;
      queue.push_back(edge.to);
    }
  }
  live_ = queue.size();
}

std::vector<Ways::Edge> Ways::way_to(Place place) const {
  std::vector<Edge> way;
  for (; place != 0; place = way.back().from) way.push_back(edges_[arrival_[place]]);
  std::ranges::reverse(way);
  return way;
}

std::vector<bool> Ways::leading_to(Place goal, Through through) const {
  const auto counts = [=](const Edge& edge) { return through == Through::all || edge.link == Link::live; };
  std::vector<std::size_t> end(size() + 1);  // of each place's arriving edges in `arriving`, sorted by `to`
  for (const Edge& edge : edges_) end[edge.to + 1] += counts(edge) ? 1 : 0;
  for (std::size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
  std::vector<Place> arriving(end.back());
  for (const Edge& edge : edges_) {
    if (counts(edge)) arriving[end[edge.to]++] = edge.from;
  }
  std::vector<bool> leads(size());
  std::vector<Place> waiting{goal};
  leads[goal] = true;
  while (!waiting.empty()) {
    const Place at = waiting.back();
    waiting.pop_back();
    for (std::size_t i = at == 0 ? 0 : end[at - 1]; i < end[at]; ++i) {
      if (leads[arriving[i]]) continue;
      leads[arriving[i]] = true;
      waiting.push_back(arriving[i]);
    }
  }
  return leads;
}

}  // namespace wengert
