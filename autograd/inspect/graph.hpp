// The one walk over a tape, for all who look at it: the steps, leaves and cuts behind a value, and the edges between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "autograd/inspect/cut.hpp"
#include "autograd/node.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// From addresses to numbers: open addressing, because a tape has 100,000 nodes and is explained in milliseconds.
class AddressNumbers {
 public:
  AddressNumbers() : slots_(64) {}
  /// The address's number. One that has none yet gets `next`.
  std::uint32_t number(const void* address, std::uint32_t next);
  std::optional<std::uint32_t> find(const void* address) const;

 private:
  struct Slot {
    const void* address = nullptr;
    std::uint32_t number = 0;
  };
  std::size_t slot_of(const void* address) const;
  void grow();
  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t taken_ = 0;
};

/// It refers to the tape and must not outlive the value.
class TapeGraph {
 public:
  using Place = std::uint32_t;

  /// A step, a leaf or a cut; the value itself, if it has no history, is none of them.
  struct Vertex {
    Node* node = nullptr;
    const Cut* cut = nullptr;
    const Tensor* value = nullptr;  ///< as a step took it in; null where the tape does not keep that
    bool behind_cut = true;         ///< no way leads here but through cuts
    bool takes_constant = false;
    bool forgets = false;  ///< a step that no Inspect scope recorded, and that knows neither cuts nor constants
    std::size_t first_edge = 0, end_of_edges = 0;
  };
  /// From what was computed to what it was computed from. The gradient goes along if it is live.
  struct Edge {
    enum class Kind : std::uint8_t { live, frozen, cut };
    Place from, to;
    Kind kind;
  };

  explicit TapeGraph(const Var& value);

  /// Place 0 is the value. The first at_hand() places are what can be reached without passing a cut, the cuts, and what
  /// these were made from, in the order in which they are met; then comes what lies behind the cuts.
  std::size_t size() const { return vertices_.size(); }
  std::size_t at_hand() const { return at_hand_; }
  const Vertex& operator[](Place place) const { return vertices_[place]; }
  std::optional<Place> place_of(const void* node_or_cut) const { return places_.find(node_or_cut); }

  std::span<const Edge> edges() const { return edges_; }
  std::span<const Edge> edges(Place from) const {
    const Vertex& vertex = vertices_[from];
    return edges().subspan(vertex.first_edge, vertex.end_of_edges - vertex.first_edge);
  }

 private:
  Place place(const void* address, const Vertex& vertex);
  Place meet(Node& node, const Tensor* value);
  Place meet(const Cut& cut, const Tensor* value);
  void visit();
  void look_behind(Place step);
  void look_behind_cuts();

  std::vector<Vertex> vertices_;
  std::vector<Edge> edges_;
  AddressNumbers places_;
  std::vector<Place> waiting_;
  std::vector<bool> visited_;
  std::size_t at_hand_ = 0;  // 0 until all of these are there
};

}  // namespace wengert
