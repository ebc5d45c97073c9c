#include "autograd/backward.hpp"

#include <algorithm>

#include "autograd/inspect/anomaly.hpp"
#include "autograd/inspect/hooks.hpp"
#include "autograd/inspect/shares.hpp"
#include "autograd/launch.hpp"
#include "autograd/recorder.hpp"
#include "autograd/tensor.hpp"
#include "kernels/layout.hpp"
#include "kernels/memory.hpp"

namespace wengert {
namespace {

thread_local std::uint64_t visits = 0;

// The recorded ops that the loss reaches, latest first. An explicit stack: depth is no limit.
void gather(Node* root, PoolVector<Node*>& order) {
  const Recorder* const recorder = Recorder::current();
  const std::uint64_t visit = ++visits;
  PoolVector<Node*> stack{root};
  root->visit = visit;
  while (!stack.empty()) {
    Node* const node = stack.back();
    stack.pop_back();
    if (node->released) {
      fail("backward: ", node->label(), " (", node->op, ", shape ", node->shape,
           ") was used up by an earlier backward. Build the loss anew for each backward, call backward on the sum of "
           "the losses, or pass {.retain_graph = true} to the first");
    }
    if (recorder && node->sequence < recorder->first_sequence) {
      fail("backward inside a capture reached ", node->label(),
           ", recorded before the capture began; build the whole loss "
           "inside the step");
    }
    order.push_back(node);
    for (const Ref<Node>& input : node->inputs()) {
      if (input && !input->is_leaf && input->visit != visit) {
        input->visit = visit;
        stack.push_back(input.get());
      }
    }
  }
  const auto later = [](const Node* a, const Node* b) { return a->sequence > b->sequence; };
  if (!std::ranges::is_sorted(order, later)) std::ranges::sort(order, later);
}

// A stale gradient from a backward that threw must not be added to.
void forget(std::span<Node* const> nodes) {
  for (Node* node : nodes) {
    node->has_gradient = false;
    node->gradient = Tensor();
  }
}

void run(const Var& value, const Tensor* upstream, BackwardOptions options) {
  Node* const root = value.node().get();
  if (!root) {
    fail(
        "backward: this value has no history: nothing that it was made of wants a gradient, or it was detached, or "
        "made in a NoGrad scope");
  }
  const GradientSink seed(root->wants_gradient() ? root : nullptr);
  if (!seed.wanted()) fail("backward: ", root->label(), " is frozen, so no gradient can reach it");
  PoolVector<Node*> order;
  if (!root->is_leaf) {
    gather(root, order);
    forget(order);
  }
  dispatch_floating("backward", root->dtype, [&](auto zero) {
    using T = decltype(zero);
    if (upstream) {
      launch<&kernels::copy<T>>(value.numel(), *upstream, seed);
    } else if (root->is_leaf) {
      launch<&kernels::copy<T>>(1, Tensor::ones(value.shape(), root->dtype, root->device), seed);
    } else {
      seed.open();
      launch<&kernels::fill<T>>(1, T{1}, seed.tensor());
    }
  });
  try {
    if (Anomaly::active() && !order.empty()) Anomaly::check_start(order);
    for (Node* const node : order) {
      if (!node->has_gradient) continue;
      const Sinks sinks(node->inputs(), !options.retain_graph);
      if (has_inspect && node->notes) note_shares(*node);  // before the rule may give away what it keeps
      node->propagate(node->gradient, sinks);
      if (!has_inspect || !node->notes) {
        forget({&node, 1});
      } else if (Anomaly::active()) {
        Anomaly::check_gradients(*node);
      }
    }
  } catch (...) {
    forget(order);
    throw;
  }
  if (options.retain_graph) return;
  // Latest first: an op lets go of its inputs while the list below still holds none of them as its last owner.
  const Ref<Node> keep(root);
  for (auto node = order.rbegin(); node != order.rend(); ++node) (*node)->release_graph();
}

}  // namespace

void backward(const Var& loss, BackwardOptions options) {
  if (loss.numel() != 1) {
    fail("backward: the loss must be one number, but its shape is ", loss.shape(),
         "; reduce it with sum() or mean(), or pass the upstream gradient");
  }
  run(loss, nullptr, options);
}

void backward(const Var& value, const Tensor& upstream, BackwardOptions options) {
  if (upstream.shape() != value.shape() || upstream.dtype() != value.dtype()) {
    fail("backward: the upstream gradient is ", upstream.dtype(), " ", upstream.shape(), " but the value is ",
         value.dtype(), " ", value.shape());
  }
  run(value, &upstream, options);
}

}  // namespace wengert
