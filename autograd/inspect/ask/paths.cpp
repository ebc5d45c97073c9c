#include "autograd/inspect/ask/paths.hpp"

#include <algorithm>

namespace wengert {

using Kind = TapeGraph::Edge::Kind;

// Breadth first along live edges.
Paths::Paths(const TapeGraph& graph) : graph_(graph), live_{0}, distance_(graph_.size(), far), arrival_(graph_.size()) {
  distance_[0] = 0;
  for (std::size_t next = 0; next < live_.size(); ++next) {
    const Index at = live_[next];
    for (const Edge& edge : graph_.edges(at)) {
      if (edge.kind != Kind::live || is_live(edge.to)) continue;
      distance_[edge.to] = distance_[at] + 1;
      arrival_[edge.to] = &edge;
      live_.push_back(edge.to);
    }
  }
}

std::vector<TapeGraph::Edge> Paths::path_to(Index index) const {
  std::vector<Edge> path;
  for (; index != 0; index = path.back().from) path.push_back(*arrival_[index]);
  std::ranges::reverse(path);
  return path;
}

std::vector<bool> Paths::leading_to(Index goal, Through through) const {
  const auto counts = [=](const Edge& edge) { return through == Through::all || edge.kind == Kind::live; };
  std::vector<std::size_t> end(graph_.size() + 1);  // of each vertex's arriving edges in `arriving`, sorted by `to`
  for (const Edge& edge : graph_.edges()) end[edge.to + 1] += counts(edge) ? 1 : 0;
  for (std::size_t i = 1; i < end.size(); ++i) end[i] += end[i - 1];
  std::vector<Index> arriving(end.back());
  for (const Edge& edge : graph_.edges()) {
    if (counts(edge)) arriving[end[edge.to]++] = edge.from;
  }
  std::vector<bool> leads(graph_.size());
  std::vector<Index> waiting{goal};
  leads[goal] = true;
  while (!waiting.empty()) {
    const Index at = waiting.back();
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
