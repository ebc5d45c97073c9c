// Numbers in the memory of the host or of a device, so that a test can run the same kernels in both places.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "kernels/devices/run.hpp"

namespace wengert::testing {

/// Where kernels run: on the CPU, or on a device.
class RunsOn {
 public:
  RunsOn() = default;
  explicit RunsOn(kernels::Backend& device) : device_(&device) {}
  kernels::Backend* device() const { return device_; }
  kernels::Stream& stream() { return device_ ? device_->stream() : cpu_; }

 private:
  kernels::Backend* device_ = nullptr;
  kernels::Stream cpu_{Device{}};
};

/// Numbers there. On a device no other number is in their block of memory.
template <class T>
class ArrayAt {
 public:
  ArrayAt(const RunsOn& place, std::vector<T> values) : device_(place.device()), values_(std::move(values)) {
    if (!device_) return;
    there_ = static_cast<T*>(device_->allocate(values_.size() * sizeof(T)));
    device_->upload(there_, values_.data(), values_.size() * sizeof(T));
  }
  ~ArrayAt() {
    if (device_) device_->release(there_, values_.size() * sizeof(T));
  }
  ArrayAt(ArrayAt&& other) noexcept
      : device_(std::exchange(other.device_, nullptr)), values_(std::move(other.values_)), there_(other.there_) {}
  ArrayAt(const ArrayAt&) = delete;
  ArrayAt& operator=(const ArrayAt&) = delete;
  ArrayAt& operator=(ArrayAt&&) = delete;

  T* data() { return device_ ? there_ : values_.data(); }
  /// As they are now.
  const std::vector<T>& values() {
    if (device_) device_->download(values_.data(), there_, values_.size() * sizeof(T));
    return values_;
  }

 private:
  kernels::Backend* device_;
  std::vector<T> values_;
  T* there_ = nullptr;
};

}  // namespace wengert::testing
