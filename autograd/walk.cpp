#include "autograd/walk.hpp"

#include <algorithm>

#include "autograd/launch.hpp"
#include "autograd/observer.hpp"
#include "autograd/recorder.hpp"
#include "autograd/sequence.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert {
namespace {

// A stale gradient must not be added to.
void forget(std::span<Node* const> nodes) {
  for (Node* node : nodes) {
    node->has_gradient = false;
    if (node->gradient.defined()) node->gradient = Tensor();
  }
}

void let_go(Node* node) { node->walk.store(0, std::memory_order_release); }

[[noreturn]] void refuse_second_walk(const Node& node) {
  fail("backward: another thread's backward is running over ", node.label(), " (", node.op, ", shape ", node.shape,
       "). Run them one after another, or give each thread a model and a loss of its own");
}

void check_step(const Node& step, const Recorder* recorder) {
  if (step.released) {
    fail("backward: ", step.label(), " (", step.op, ", shape ", step.shape,
         ") was used up by an earlier backward. Build the loss anew for each backward, call backward on the sum of "
         "the losses, or pass {.retain_graph = true} to the first");
  }
  if (recorder && step.capture != recorder->number) {
    fail("backward inside a capture reached ", step.label(),
         ", recorded before the capture began or by another thread; build the whole loss inside the step");
  }
}

}  // namespace

Walk::Held::Held() {
  constexpr std::size_t usual = 32;
  steps.reserve(usual);
  leaves.reserve(usual);
}

Walk::Held::~Held() {
  std::ranges::for_each(steps, let_go);
  std::ranges::for_each(leaves, let_go);
}

Walk::Walk(const Var& value) : value_(value), root_(value.node()), number_(next_sequence()) {
  require_defined("backward", "the value", value);
  Node* const root = root_.get();
  if (!root) {
    fail(
        "backward: this value has no history: nothing that it was made of wants a gradient, or it was detached, or "
        "made in a NoGrad scope");
  }
  if (!root->wants_gradient()) fail("backward: ", root->label(), " is frozen, so no gradient can reach it");
  hold(*root);
  gather();
}

void Walk::hold(Node& node) {
  std::uint64_t holder = node.walk.load(std::memory_order_relaxed);
  if (holder == number_) return;
  PoolVector<Node*>& list = node.is_leaf ? held_.leaves : held_.steps;
  list.push_back(&node);  // before it is marked: where memory for this runs out, no mark must stay
  if (holder == 0) {
    // Where nothing but an edge of a held step refers to the node, no other thread can get here.
    if (single_threaded() || node.references.unique()) {
      node.walk.store(number_, std::memory_order_relaxed);
      return;
    }
    if (node.walk.compare_exchange_strong(holder, number_, std::memory_order_acquire)) return;
  }
  list.pop_back();
  refuse_second_walk(node);
}

// The list of steps is the queue too: depth is no limit.
void Walk::gather() {
  const Recorder* const recorder = Recorder::current();
  PoolVector<Node*>& steps = held_.steps;
  for (std::size_t next = 0; next < steps.size(); ++next) {
    Node& step = *steps[next];
    check_step(step, recorder);
    if (step.notes) forget({&steps[next], 1});  // kept after an earlier backward, to be looked at
    for (const Ref<Node>& input : step.inputs()) {
      if (input && input->wants_gradient()) hold(*input);
    }
  }
  const auto later = [](const Node* a, const Node* b) { return a->sequence > b->sequence; };
  if (!std::ranges::is_sorted(steps, later)) std::ranges::sort(steps, later);
}

void Walk::begin(const Tensor* upstream) {
  Node& root = *root_;
  if (!upstream && value_.numel() != 1) {
    fail("backward: the loss must be one number, but its shape is ", value_.shape(),
         "; reduce it with sum() or mean(), or pass the upstream gradient");
  }
  const GradientSink seed(&root);
  dispatch_floating("backward", root.dtype, [&](auto zero) {
    using T = decltype(zero);
    if (upstream) {
      launch<&kernels::copy<T>>(value_.numel(), *upstream, seed);
    } else if (root.is_leaf) {
      launch<&kernels::copy<T>>(1, Tensor::ones(value_.shape(), root.dtype, root.device), seed);
    } else {
      seed.open();
      launch<&kernels::fill<T>>(1, T{1}, seed.tensor());
    }
  });
}

void Walk::run(const Tensor* upstream, bool last) {
  try {
    begin(upstream);
    if (!held_.steps.empty()) notify(&Observer::backward_begins, std::span<Node* const>(held_.steps));
    for (Node* const node : held_.steps) {
      if (!node->has_gradient) continue;
      const Sinks sinks(node->inputs(), last);
      if (node->notes) node->notes->rule_begins(*node);
      node->propagate(node->gradient, sinks);
      notify(&Observer::rule_done, *node);
      if (!node->notes) forget({&node, 1});
    }
  } catch (...) {
    forget(held_.steps);
    throw;
  }
  if (last) use_up();
}

// Earliest first: an op lets go of its inputs, which may end a leaf's life, while no later op has let go of it.
void Walk::use_up() {
  std::ranges::for_each(held_.leaves, let_go);
  held_.leaves.clear();
  for (auto node = held_.steps.rbegin(); node != held_.steps.rend(); ++node) {
    (*node)->release_graph();
    let_go(*node);
  }
  held_.steps.clear();
}

}  // namespace wengert
