#include "autograd/node.hpp"

#include <utility>

#include "autograd/recorder.hpp"
#include "kernels/base/memory.hpp"

namespace wengert {
namespace {

// Nodes on their way out, linked through themselves. A million-op chain is freed by the loop in destroy: deleting a
// node drops the last reference to the next one, which lands here instead of on the stack.
struct Doomed {
  Node* first = nullptr;
  bool draining = false;
};
constinit thread_local Doomed doomed;

}  // namespace

void destroy(Node* node) {
  node->next_doomed = std::exchange(doomed.first, node);
  if (doomed.draining) return;
  doomed.draining = true;
  while (doomed.first) {
    Node* const next = doomed.first;
    doomed.first = next->next_doomed;
    delete next;
  }
  doomed.draining = false;
}

Node::~Node() = default;

Notes& Node::note() {
  if (!notes) notes = std::make_unique<Notes>();
  return *notes;
}

std::string Node::label() const { return notes && !notes->name.empty() ? "'" + notes->name + "'" : op; }

void Node::propagate(const Tensor&, const Sinks&) {}

void* Node::operator new(std::size_t bytes) { return allocate(bytes); }
void Node::operator delete(void* block, std::size_t bytes) noexcept { release(block, bytes); }

SinkMode GradientSink::open() const {
  Node& node = *target_;
  if (!node.gradient.defined()) node.gradient = Tensor::empty(node.shape, node.dtype, node.device);
  SinkMode mode = node.has_gradient ? SinkMode::add : SinkMode::write;
  if (Recorder* const recorder = Recorder::current(); recorder && node.is_leaf && !recorder->was_cleared(node)) {
    recorder->accumulates(node);
    mode = SinkMode::add;
  }
  node.has_gradient = true;
  return mode;
}

bool GradientSink::adopt(const Tensor& gradient) const {
  Node& node = *target_;
  if (!last_ || node.has_gradient) return false;
  if (node.is_leaf) {  // whose buffer may be a part of a module's, or relied on
    if (Recorder::current()) return false;
    if (const Storage* own = node.gradient.defined() ? node.gradient.storage().get() : nullptr)
      if (own->whole || own->sealed) return false;
  }
  node.gradient = gradient;
  node.has_gradient = true;
  return true;
}

}  // namespace wengert
