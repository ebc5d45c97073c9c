// One step of the tape: which op, from what, and how its gradient goes back.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "autograd/inspect/hooks.hpp"
#include "autograd/tensor.hpp"
#include "autograd/where.hpp"
#include "kernels/base/refcount.hpp"
#include "kernels/base/sink.hpp"

namespace wengert {

class Node;
class Sinks;
void destroy(Node*);

/// What an Inspect scope, and only that, makes the tape remember: for people, never read by backward.
struct Notes {
  struct Input {
    Ref<Node> node;  ///< set for a Var with history
    Tensor value;
    Tensor share = {};  ///< of its gradient: what the last backward over this step sent it; undefined before
    Tensor local = {};  ///< what an upstream of ones would send it; known of small results
  };
  struct Memory {
    const Storage* storage;
    std::size_t bytes;
  };
  std::string name;
  Tensor output;
  std::vector<Input> inputs;
  std::vector<Memory> saved = {};  ///< what the rule keeps for backward
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
  bool frozen = false;  ///< a leaf that no optimiser moves and no gradient reaches
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
  Notes& note();
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

/// A value that a rule keeps for backward. Handing it to launch checks that it has not been changed since.
class Saved {
 public:
  Saved() = default;
  Saved(const char* role, const Tensor& value)
      : value_(value.storage(), value.shape()), role_(role), version_(value.storage()->version()) {
    tell(value);
  }
  const Tensor& unchecked() const { return value_; }
  /// Throws if the contents changed since they were saved; names the op, the tensor and both versions.
  void check() const;
  /// Says that a rule keeps this, whether in a Saved or not, to who looks on: an Inspect scope sets `watch`.
  static void tell(const Tensor& kept) {
    if (has_inspect && watch && kept.defined()) watch(kept);
  }
  using Watch = void (*)(const Tensor& kept);
  static inline constinit thread_local Watch watch = nullptr;

 private:
  Tensor value_;
  const char* role_ = "";
  std::uint64_t version_ = 0;
};

}  // namespace wengert
