// FiniteGuard: stops the optimiser, on the device, once a loss is not finite.
#pragma once

#include "autograd/var.hpp"

namespace wengert::optim {

/// A flag in the device's memory. Once a watched value was infinite or NaN, an optimiser that steps with this guard
/// writes nothing any more: the parameters stay as they were before the bad step, which can then be run again eagerly
/// to find the op. It works inside a capture, where the host cannot look at values.
/// Copying it copies the handle, and so does moving: all see the same flag.
class FiniteGuard {
 public:
  explicit FiniteGuard(Device device = {});  ///< the device of the losses
  FiniteGuard(const FiniteGuard&) = default;
  FiniteGuard& operator=(const FiniteGuard&) = default;
  void watch(const Var& loss) const;
  bool tripped() const;  ///< Error: inside a capture.
  void reset() const;
  const Tensor& flag() const { return flag_; }

 private:
  Tensor flag_;
};

}  // namespace wengert::optim
