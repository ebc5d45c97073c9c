// One backward's hold on the part of the tape that it runs over.
#pragma once

#include <cstdint>
#include <span>

#include "autograd/node.hpp"
#include "autograd/var.hpp"
#include "kernels/base/memory.hpp"

namespace wengert {

/// The steps and leaves behind a value, held for one thread: while this lives, another thread's walk over any of them is
/// an error, since both would add to the same gradients and let go of the same saved values.
class Walk {
 public:
  /// The value must outlive this. Errors: an undefined value; one without history, or frozen; a step that an earlier
  /// backward has used up, or that was recorded outside the capture under way; another thread's walk.
  explicit Walk(const Var& value);
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  /// The recorded ops that the value reaches, latest first; none if it is a leaf.
  std::span<Node* const> steps() const { return held_.steps; }
  std::span<Node* const> leaves() const { return held_.leaves; }
  /// Holds a further step or leaf, if it is not held yet.
  void hold(Node& node);

  /// Runs the rules, beginning with `upstream`, or with 1 where it is null. `last`: they run for the last time and may
  /// give away what they keep; afterwards the steps are used up and held no more. Errors: no upstream for a value of
  /// several elements; what a rule throws.
  void run(const Tensor* upstream, bool last);

 private:
  // Lets go of its nodes also if the walk's constructor throws.
  struct Held {
    PoolVector<Node*> steps, leaves;
    Held();
    ~Held();
  };
  void gather();
  void begin(const Tensor* upstream);
  void use_up();

  const Var& value_;
  const Ref<Node> root_;  // which must not go with the steps that are used up
  const std::uint64_t number_;
  Held held_;
};

}  // namespace wengert
