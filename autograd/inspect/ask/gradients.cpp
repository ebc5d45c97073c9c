#include "autograd/inspect/ask/gradients.hpp"

#include "autograd/recorder.hpp"
#include "autograd/walk.hpp"

namespace wengert {
namespace {

// The gradients of all that a walk holds, as they were. A leaf's is kept as a copy of its contents, since its memory
// belongs to a module's flat gradient, which rules write as a whole; a step's gets new memory with every backward.
class KeptGradients {
 public:
  explicit KeptGradients(const Walk& walk) {
    for (Node* const leaf : walk.leaves()) keep(*leaf);
    for (Node* const step : walk.steps()) {
      if (step->notes) keep(*step);
    }
  }
  void clear() const {
    for (const Kept& kept : kept_) kept.node->has_gradient = false;
  }
  void put_back() const {
    for (const Kept& kept : kept_) {
      Node& node = *kept.node;
      node.has_gradient = kept.value.defined();
      if (!node.is_leaf) {
        node.gradient = kept.value;
      } else if (kept.value.defined()) {
        node.gradient.assign(kept.value);
      }
    }
  }

 private:
  struct Kept {
    Ref<Node> node;
    Tensor value;  // undefined where there was none
  };
  void keep(Node& node) {
    const Tensor before = node.has_gradient ? node.gradient : Tensor();
    kept_.push_back({Ref<Node>(&node), node.has_gradient && node.is_leaf ? before.clone() : before});
  }
  std::vector<Kept> kept_;
};

}  // namespace

std::vector<std::optional<Tensor>> gradients(const Var& loss, std::span<const Var> parameters) {
  refuse_in_capture("gradients");
  require_defined("gradients", "the loss", loss);
  require_all_defined("gradients", "parameter", parameters);
  for (const Var& parameter : parameters) {
    if (!parameter.node() || !parameter.node()->is_leaf) {
      fail("gradients: takes parameters (Var::parameter, or a module's), not constants or results");
    }
  }
  std::vector<std::optional<Tensor>> result(parameters.size());
  if (!loss.requires_grad()) return result;
  Walk walk(loss);
  for (const Var& parameter : parameters) {
    if (parameter.requires_grad()) walk.hold(*parameter.node());
  }
  const KeptGradients kept(walk);
  kept.clear();
  try {
    walk.run(nullptr, false);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!parameters[i].requires_grad()) continue;
      if (const std::optional<Tensor> gradient = parameters[i].grad()) result[i] = gradient->clone();
    }
  } catch (...) {
    kept.put_back();
    throw;
  }
  kept.put_back();
  return result;
}

}  // namespace wengert
