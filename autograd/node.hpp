// One step of the tape: which op, from what, and how its gradient goes back.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "autograd/tensor.hpp"
#include "autograd/where.hpp"
#include "kernels/base/refcount.hpp"
#include "kernels/base/sink.hpp"

namespace wengert {

class Node;
class Sinks;
void destroy(Node*);

/// What is known of a node beside what backward needs. A node that has notes keeps its gradient after backward.
struct Notes {
  virtual ~Notes() = default;
  /// The node's rule is about to run, and may give away what it keeps.
  virtual void rule_begins(Node&) {}

  std::string name;
};

/// A leaf (a parameter) or a recorded op. Nodes live as long as a Var, or a node recorded later, can reach them.
class Node {
 public:
  Node(const char* op_name, Where place, const Tensor& output)
      : op(op_name), where(place), shape(output.shape()), dtype(output.dtype()), device(output.device()) {}
  virtual ~Node();

  // What a walk reads of each node comes first, in one line of the cache.
  RefCount references;
  bool is_leaf = false;
  bool frozen = false;  ///< a leaf that stays: no gradient reaches it, and no training moves it
  bool has_gradient = false;
  bool released = false;  ///< its saved values are gone: backward ran over it
  const char* op;
  Where where;
  std::uint64_t sequence = 0;           ///< greater than that of every input: backward runs by descending number
  std::atomic<std::uint64_t> walk = 0;  ///< the number of the backward that runs over it now, or 0; see Walk
  Shape shape;
  DType dtype;
  Device device;
  std::uint32_t capture = 0;  ///< the number of the capture that it was recorded in; 0 outside
  Tensor gradient;
  std::unique_ptr<Notes> notes;
  Node* next_doomed = nullptr;

  bool wants_gradient() const { return !frozen; }
  Notes& note();  ///< its notes, made if there are none
  /// "'fc1.weight'" if it has a name, otherwise the op.
  std::string label() const;

  virtual std::span<Ref<Node>> inputs() { return {}; }
  /// Adds this op's share to its inputs' gradients.
  virtual void propagate(const Tensor& upstream, const Sinks& sinks);
  /// Lets go of saved values and edges, inputs first.
  virtual void release_graph() {}
  /// A fused op's own words for a result or a gradient that is not finite although its operands are; empty for others.
  virtual std::string why_not_finite() const { return {}; }

  static void* operator new(std::size_t bytes);
  static void operator delete(void* block, std::size_t bytes) noexcept;
};

/// Where one input's gradient goes: opened when the rule's kernel is launched, so that a failed check leaves no trace.
class GradientSink {
 public:
  GradientSink() = default;
  /// `last`: the op's rule runs for the last time, and may give away what it has kept.
  explicit GradientSink(Node* target, bool last = false) : target_(target), last_(last) {}
  bool wanted() const { return target_ != nullptr; }
  Node* target() const { return target_; }
  /// The buffer, and whether this is its first contribution.
  SinkMode open() const;
  /// Makes `gradient`, which the rule had ready, the target's, if the rule needs it no more and nothing else has come
  /// there yet. It then lies in the target's own buffer, for the rule to multiply in place; else it goes through open().
  bool adopt(const Tensor& gradient) const;
  const Tensor& tensor() const { return target_->gradient; }

 private:
  Node* target_ = nullptr;
  bool last_ = false;
};

/// One GradientSink per input of the op, in order.
class Sinks {
 public:
  Sinks(std::span<Ref<Node>> inputs, bool last) : inputs_(inputs), last_(last) {}
  GradientSink operator[](std::size_t i) const {
    Node* node = inputs_[i].get();
    return GradientSink(node && node->wants_gradient() ? node : nullptr, last_);
  }

 private:
  std::span<Ref<Node>> inputs_;
  bool last_;
};

}  // namespace wengert
