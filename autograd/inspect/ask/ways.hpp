// All ways from a loss back to what it was made from, those that are cut included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "autograd/node.hpp"
#include "autograd/var.hpp"

namespace wengert {

struct Cut;

/// From nodes to numbers: open addressing, because a tape has 100,000 of them and is explained in milliseconds.
class NodeNumbers {
 public:
  NodeNumbers() : slots_(64) {}
  /// The node's number; `next` if it has none yet, which it then is.
  std::uint32_t number(const Node* node, std::uint32_t next);
  std::optional<std::uint32_t> find(const Node* node) const;

 private:
  struct Slot {
    const Node* node = nullptr;
    std::uint32_t number = 0;
  };
  std::size_t slot_of(const Node* node) const;
  void grow();
  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t taken_ = 0;
};

/// The steps behind a loss as a graph. Place 0 is the loss; a loss without history is a place without node. It refers to
/// the tape and must not outlive the Var.
class Ways {
 public:
  using Place = std::uint32_t;
  enum class Link : std::uint8_t { live, frozen, cut };
  struct Edge {
    Place from, to;  ///< from a step to what it was computed from
    Link link;
    const Cut* cut;  ///< null unless link is cut
  };

  explicit Ways(const Var& loss);

  const Node* node(Place place) const { return nodes_[place]; }
  std::size_t size() const { return nodes_.size(); }
  std::optional<Place> place_of(const Node* node) const { return places_.find(node); }

  /// Edges by which the gradient goes, from the loss to the place: a shortest way. Empty for the loss itself.
  std::vector<Edge> way_to(Place place) const;
  /// Whether the gradient gets there.
  bool is_live(Place place) const { return distance_[place] != far; }
  std::size_t distance(Place place) const { return distance_[place]; }

  /// Of each place, whether some way leads from it to `goal`: any, or only those that the gradient goes.
  enum class Through { all, live };
  std::vector<bool> leading_to(Place goal, Through) const;

  const std::vector<Edge>& edges() const { return edges_; }
  /// Live steps that take a constant, nearest first.
  const std::vector<Place>& constants() const { return constants_; }
  std::size_t live() const { return live_; }
  /// How many of the live ones know no cuts and constants; and of these, have let go of their inputs.
  std::size_t forgetful() const { return forgetful_; }
  std::size_t used_up() const { return used_up_; }

 private:
  static constexpr Place far = ~Place{0};
  Place place(Node* node);
  void look_behind(Place from, Node& node);
  void add(Place from, const Cut& cut);
  void measure();

  std::vector<Node*> nodes_;
  NodeNumbers places_;
  std::vector<Edge> edges_;         // by `from`
  std::vector<std::size_t> first_;  // of each place's edges
  std::vector<Place> distance_;
  std::vector<std::size_t> arrival_;  // the edge by which a live place is reached first
  std::vector<Place> constants_;
  struct Facts {
    bool takes_constant = false, forgets = false, is_used_up = false;
  };
  std::vector<Facts> facts_;  // of each place
  std::size_t live_ = 0, forgetful_ = 0, used_up_ = 0;
};

}  // namespace wengert
