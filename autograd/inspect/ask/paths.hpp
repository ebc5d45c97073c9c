// The paths from a loss back to its inputs, including those that are cut.
#pragma once

#include <cstddef>
#include <vector>

#include "autograd/inspect/graph.hpp"

namespace wengert {

/// Distances and paths in a TapeGraph from its loss, vertex 0. It must not outlive the graph.
class Paths {
 public:
  using Index = TapeGraph::Index;
  using Edge = TapeGraph::Edge;

  explicit Paths(const TapeGraph& graph);
  Paths(const Paths&) = delete;
  Paths& operator=(const Paths&) = delete;
  const TapeGraph& graph() const { return graph_; }
  const Node* node(Index index) const { return graph_[index].node; }

  /// Whether a gradient reaches the vertex, and the length of a shortest path to it.
  bool is_live(Index index) const { return distance_[index] != far; }
  std::size_t distance(Index index) const { return distance_[index]; }
  /// The edges of a shortest live path from the loss to the vertex. Empty for the loss itself.
  std::vector<Edge> path_to(Index index) const;
  /// All vertices that a gradient reaches, nearest first.
  const std::vector<Index>& live() const { return live_; }

  /// For each vertex whether a path leads from it to `goal`: any path, or only a live one.
  enum class Through { all, live };
  std::vector<bool> leading_to(Index goal, Through) const;

 private:
  static constexpr Index far = ~Index{0};

  const TapeGraph& graph_;
  std::vector<Index> live_, distance_;
  std::vector<const Edge*> arrival_;  // the edge by which a live vertex is reached first
};

}  // namespace wengert
