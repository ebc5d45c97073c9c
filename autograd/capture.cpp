#include "autograd/capture.hpp"

#include <algorithm>
#include <atomic>

#include "autograd/node.hpp"
#include "autograd/observer.hpp"
#include "kernels/devices/run.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert {
namespace {

void sort_unique(std::vector<Ref<Storage>>& storages) {
  std::ranges::sort(storages, {}, &Ref<Storage>::get);
  storages.erase(std::unique(storages.begin(), storages.end()), storages.end());
}

void zero(const Tensor& gradient) {
  dispatch(gradient.dtype(), [&](auto zero) {
    using T = decltype(zero);
    kernels::run<&kernels::fill<T>>(kernels::stream_of(gradient.device()), nullptr, gradient.numel(), zero,
                                    static_cast<T*>(gradient.storage()->data));
  });
}

}  // namespace

Recorder::Leaf& Recorder::leaf(Node& node) {
  const auto known = std::ranges::find_if(leaves_, [&](const Leaf& leaf) { return leaf.node.get() == &node; });
  if (known != leaves_.end()) return *known;
  leaves_.push_back(Leaf{Ref<Node>(&node), false, false});
  return leaves_.back();
}

void Recorder::cleared(Node& node) { leaf(node).cleared = true; }

void Recorder::accumulates(Node& node) {
  Leaf& entry = leaf(node);
  if (entry.cleared || entry.accumulates) return;
  entry.accumulates = true;
  if (!node.has_gradient) zero(node.gradient);
}

bool Recorder::was_cleared(const Node& node) const {
  return std::ranges::any_of(leaves_, [&](const Leaf& leaf) { return leaf.node.get() == &node && leaf.cleared; });
}

void refuse_in_capture(const char* what) {
  if (Recorder::current())
    fail(what, ": not inside a capture, where it would act once and not at every replay; do it outside");
}

Capture::Scope::Scope(Recorder& recorder) {
  refuse_in_capture("capture");
  static constinit std::atomic<std::uint32_t> captures = 0;
  recorder.number = ++captures;
  Recorder::current_ = &recorder;
}

Capture::Scope::~Scope() { Recorder::current_ = nullptr; }

// The graph refers to the recorder's calls, so the old one goes before them.
Capture& Capture::operator=(Capture&& other) noexcept {
  graph_ = std::move(other.graph_);
  recorder_ = std::move(other.recorder_);
  keep_ = std::move(other.keep_);
  bump_ = std::move(other.bump_);
  leaves_ = std::move(other.leaves_);
  return *this;
}

void Capture::finish() {
  keep_ = std::move(recorder_->touched_);
  bump_ = std::move(recorder_->written_);
  sort_unique(keep_);
  sort_unique(bump_);
  for (const Ref<Storage>& storage : keep_) storage->seal();
  for (const Recorder::Leaf& leaf : recorder_->leaves_) {
    leaves_.push_back(Leaf{leaf.node, leaf.accumulates, leaf.node->has_gradient});
  }
  const kernels::CallList& calls = recorder_->calls_;
  if (calls.size() == 0) return;
  if (!calls.stream()) fail("capture: the step's kernels ran on several devices; a captured step has one");
  graph_ = kernels::backend(calls.stream()->device()).graph(calls);
}

void Capture::replay() {
  if (!recorder_) fail("replay: this Capture holds no step: it was default-constructed, or moved from");
  refuse_in_capture("replay");
  for (const Leaf& leaf : leaves_) {
    if (leaf.accumulates && !leaf.node->has_gradient) zero(leaf.node->gradient);
  }
  if (Observer::first()) {
    std::vector<Node*> accumulating;
    for (const Leaf& leaf : leaves_) {
      if (leaf.accumulates) accumulating.push_back(leaf.node.get());
    }
    notify(&Observer::replaying, std::span<Node* const>(accumulating));
  }
  if (graph_) {
    graph_->run();
  } else {
    recorder_->calls_.run();
  }
  for (const Ref<Storage>& storage : bump_) storage->wrote(typeid(Capture));
  for (const Leaf& leaf : leaves_) leaf.node->has_gradient = leaf.present;
}

}  // namespace wengert
