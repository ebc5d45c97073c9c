// What a capture under way has seen: kernel calls, the storages they touch, and the leaves whose gradients they form.
#pragma once

#include <cstdint>
#include <vector>

#include "autograd/node.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/devices/storage.hpp"

namespace wengert {

class Recorder {
 public:
  /// The calling thread's capture under way, or null.
  static Recorder* current() { return current_; }

  void reads(const Ref<Storage>& storage) { touched_.push_back(storage); }
  void writes(const Ref<Storage>& storage) {
    touched_.push_back(storage);
    written_.push_back(storage);
  }
  kernels::CallList& calls() { return calls_; }

  /// A leaf's gradient was cleared inside the step, so the step's first contribution may overwrite.
  void cleared(Node& leaf);
  /// The step adds to what a leaf's gradient held before it began.
  void accumulates(Node& leaf);
  bool was_cleared(const Node& leaf) const;
  /// Told from all other captures by this: backward must reach only nodes that were recorded in this one.
  std::uint32_t number = 0;

 private:
  friend class Capture;
  struct Leaf {
    Ref<Node> node;
    bool cleared, accumulates;
  };
  Leaf& leaf(Node&);

  static inline constinit thread_local Recorder* current_ = nullptr;

  kernels::CallList calls_;
  std::vector<Ref<Storage>> touched_, written_;
  std::vector<Leaf> leaves_;
};

/// Throws if the calling thread is capturing: `what` would act once, not at every replay.
void refuse_in_capture(const char* what);

}  // namespace wengert
