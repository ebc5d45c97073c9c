// Saved: what a rule keeps for backward.
#pragma once

#include <cstdint>

#include "autograd/observer.hpp"
#include "autograd/tensor.hpp"

namespace wengert {

/// A value that a rule keeps for backward. Handing it to launch checks that it has not been changed since.
class Saved {
 public:
  Saved() = default;
  Saved(const char* role, const Tensor& value)
      : value_(value.storage(), value.shape()), role_(role), version_(value.storage()->version()) {
    notify(&Observer::saved, value);
  }
  const Tensor& unchecked() const { return value_; }
  /// Throws if the contents changed since they were saved; names the op, the tensor and both versions.
  void check() const;

 private:
  Tensor value_;
  const char* role_ = "";
  std::uint64_t version_ = 0;
};

}  // namespace wengert
