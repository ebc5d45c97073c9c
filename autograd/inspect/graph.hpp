// TapeGraph: the steps, leaves and cuts behind a value, and the edges between them. All tools walk over the tape by it.
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

/// A graph of the tape behind a value. It must not outlive the value.
class TapeGraph {
 public:
  using Index = std::uint32_t;

  /// A step, a leaf or a cut. For a value without history, vertex 0 is none of them.
  struct Vertex {
    Node* node = nullptr;
    const Cut* cut = nullptr;
    const Tensor* value = nullptr;  ///< as an operand of a step; null if the tape does not keep it
    bool behind_cut = true;         ///< every path from the value to here passes a cut
    bool takes_constant = false;
    bool forgets = false;  ///< recorded outside an Inspect scope, so that its cuts and constants are unknown
    std::size_t first_edge = 0, end_of_edges = 0;
  };
  /// From a result to one of its operands. A gradient flows along it if it is live.
  struct Edge {
    enum class Kind : std::uint8_t { live, frozen, cut };
    Index from, to;
    Kind kind;
  };

  explicit TapeGraph(const Var& value);

  /// Vertex 0 is the value. The first size_before_cuts() vertices are those reached without passing a cut, the cuts, and
  /// the nodes that the cuts were made from, in the order of the walk. What lies behind the cuts follows.
  std::size_t size() const { return vertices_.size(); }
  std::size_t size_before_cuts() const { return size_before_cuts_; }
  const Vertex& operator[](Index place) const { return vertices_[place]; }
  std::optional<Index> index_of(const void* node_or_cut) const { return indices_.find(node_or_cut); }

  std::span<const Edge> edges() const { return edges_; }
  std::span<const Edge> edges(Index from) const {
    const Vertex& vertex = vertices_[from];
    return edges().subspan(vertex.first_edge, vertex.end_of_edges - vertex.first_edge);
  }

 private:
  // From addresses to numbers: open addressing, because a tape has 100,000 nodes and is explained in milliseconds.
  class AddressNumbers {
   public:
    AddressNumbers() : slots_(64) {}
    // The address's number. One that has none yet gets `next`.
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

  Index add(const void* address, const Vertex& vertex);
  Index meet(Node& node, const Tensor* value);
  Index meet(const Cut& cut, const Tensor* value);
  void visit();
  void look_behind(Index step);
  void look_behind_cuts();

  std::vector<Vertex> vertices_;
  std::vector<Edge> edges_;
  AddressNumbers indices_;
  std::vector<Index> waiting_;
  std::vector<bool> visited_;
  std::size_t size_before_cuts_ = 0;  // 0 until all of these are there
};

}  // namespace wengert
