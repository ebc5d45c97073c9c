// All ways from a loss back to what it was made from, those that are cut included.
#pragma once

#include <cstddef>
#include <vector>

#include "autograd/inspect/graph.hpp"

namespace wengert {

/// A TapeGraph measured from the loss, which is place 0. It must not outlive the graph.
class Ways {
 public:
  using Place = TapeGraph::Place;
  using Edge = TapeGraph::Edge;

  explicit Ways(const TapeGraph& graph);
  Ways(const Ways&) = delete;
  Ways& operator=(const Ways&) = delete;
  const TapeGraph& graph() const { return graph_; }
  const Node* node(Place place) const { return graph_[place].node; }

  /// Whether the gradient gets there, and by how many steps at least.
  bool is_live(Place place) const { return distance_[place] != far; }
  std::size_t distance(Place place) const { return distance_[place]; }
  /// Edges by which the gradient goes, from the loss to the place: a shortest way. Empty for the loss itself.
  std::vector<Edge> way_to(Place place) const;
  /// All places that the gradient gets to, nearest first.
  const std::vector<Place>& live() const { return live_; }

  /// Of each place, whether some way leads from it to `goal`: any, or only those that the gradient goes.
  enum class Through { all, live };
  std::vector<bool> leading_to(Place goal, Through) const;

 private:
  static constexpr Place far = ~Place{0};

  const TapeGraph& graph_;
  std::vector<Place> live_, distance_;
  std::vector<const Edge*> arrival_;  // the edge by which a live place is reached first
};

}  // namespace wengert
