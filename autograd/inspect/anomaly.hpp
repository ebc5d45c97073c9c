// Anomaly mode: stop at the first value or gradient that is not finite.
#pragma once

#include <span>

#include "autograd/inspect/inspect.hpp"
#include "autograd/inspect/non_finite.hpp"

namespace wengert {

/// While one lives, on this thread, the first step whose result is infinite or NaN throws an Error, and so does the
/// first step whose backward makes such a gradient. The text says which op, on which line, of which operands, why, and
/// the way out. It is an Inspect scope too, reads every value, and so is slow; a capture inside it is an error.
///
///     const Anomaly anomaly;
///     backward(loss());   // "div (net.cpp:7) gives inf: 1 / S with S = 0: a division by 0. ..."
///
/// What is recorded outside is not looked at, only whether it is finite where a step inside reads it.
class Anomaly {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] Anomaly() { ++active_; }
  ~Anomaly() { --active_; }
  Anomaly(const Anomaly&) = delete;
  Anomaly& operator=(const Anomaly&) = delete;
  static bool active() { return has_inspect && active_ > 0; }

  // For the tape.
  static void check_value(const Performed& step);
  /// Before backward: the gradients that it begins with, of the loss and of leaves from earlier ones.
  static void check_start(std::span<Node* const> steps);
  /// After a step of backward: the gradients that it added to.
  static void check_gradients(Node& step);

 private:
  static inline thread_local int active_ = 0;
  Inspect inspect_;
};

}  // namespace wengert
