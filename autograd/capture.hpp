// capture(step): perform a step once, remember its kernel calls, and repeat them without recording or allocating.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/recorder.hpp"
#include "kernels/devices/backend.hpp"

namespace wengert {

/// A captured step; one that was default-constructed or moved from holds none. It keeps every buffer of the step alive,
/// and the captured modules may not move any more.
///
/// Fixed at capture: shapes, which parameters were frozen, which gradients were present. Free to change between
/// replays: the contents of any tensor (x.assign(batch)), a learning rate among them. Tensors that the step assigned to
/// outer variables (`bce = loss.detach()`) hold each replay's new values. Captures that share parameters are
/// replayed by one thread at a time.
class Capture {
 public:
  Capture() = default;
  Capture(Capture&&) = default;
  Capture& operator=(Capture&& other) noexcept;
  /// Runs the step's kernels again, in order. N steps are one capture and N - 1 replays. Errors: there is no step; inside
  /// a capture.
  void replay();
  /// How many kernel calls the step consists of.
  std::size_t size() const { return recorder_ ? recorder_->calls_.size() : 0; }

 private:
  template <class Step>
  friend Capture capture(Step&& step);

  class Scope {
   public:
    explicit Scope(Recorder&);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };
  void finish();

  struct Leaf {
    Ref<Node> node;
    bool accumulates, present;
  };
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<kernels::Graph> graph_;
  std::vector<Ref<Storage>> keep_, bump_;
  std::vector<Leaf> leaves_;
};

/// Performs `step()` once and remembers it. Errors inside: reading a value (item, to_vector), host values, backward
/// through something recorded before or by another thread, a capture within a capture. What the step throws passes
/// through; nothing is kept.
template <class Step>
Capture capture(Step&& step) {
  Capture result;
  result.recorder_ = std::make_unique<Recorder>();
  {
    const Capture::Scope scope(*result.recorder_);
    std::forward<Step>(step)();
  }
  result.finish();
  return result;
}

}  // namespace wengert
