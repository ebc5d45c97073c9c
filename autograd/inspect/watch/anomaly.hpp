// Anomaly mode: stop at the first value or gradient that is not finite.
#pragma once

#include <span>

#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/observer.hpp"

namespace wengert {

/// While one lives, on this thread, the first step whose result is infinite or NaN throws an Error, and so does the
/// first step whose backward makes such a gradient. The text says which op, on which line, of which operands, why, and
/// the way out. It is an Inspect scope too, reads every value, and so is slow; a capture inside it is an error.
///
///     const Anomaly anomaly;
///     backward(loss());   // "div (net.cpp:7) gives inf: 1 / S with S = 0: a division by 0. ..."
///
/// What is recorded outside is not looked at, only whether it is finite where a step inside reads it.
class Anomaly final : Observer {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] Anomaly() = default;

 private:
  void recorded(Node& step, const Operation& operation) override;
  Ref<Tag> left_out(const Operation& operation) override;
  void backward_begins(std::span<Node* const> steps) override;
  void rule_done(Node& step) override;

  Inspect inspect_;
};

}  // namespace wengert
