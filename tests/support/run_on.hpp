// A trial whose kernels run on a device.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tests/support/device_array.hpp"
#include "tests/support/trial.hpp"

namespace wengert::testing {

/// Copies of buffers, margins and all, in one block of a device's memory: in the simulator what costs is the number of
/// blocks.
template <class T>
class Copies {
 public:
  void add(Guarded<T>& buffer) {
    if (buffer.size() == 0) return;
    constexpr std::size_t line = 64 / sizeof(T);
    const std::span<T> here = buffer.whole();
    copies_.push_back({here, numbers_.size()});
    numbers_.insert(numbers_.end(), here.begin(), here.end());
    numbers_.resize((numbers_.size() + line - 1) / line * line);  // so that each copy is aligned as its buffer is
  }
  void send(kernels::Backend& device) {
    if (!copies_.empty()) block_.emplace(RunsOn(device), numbers_);
  }
  /// The copy's address for one in a buffer; null if that is empty.
  T* there(const T* here) {
    for (const Copy& copy : copies_) {
      if (here >= copy.here.data() && here < copy.here.data() + copy.here.size()) {
        return block_->data() + copy.begin + (here - copy.here.data());
      }
    }
    return nullptr;
  }
  void bring_back() {
    if (copies_.empty()) return;
    const std::vector<T>& numbers = block_->values();
    for (const Copy& copy : copies_) std::copy_n(numbers.data() + copy.begin, copy.here.size(), copy.here.begin());
  }

 private:
  struct Copy {
    std::span<T> here;
    std::size_t begin;
  };
  std::vector<Copy> copies_;
  std::vector<T> numbers_;
  std::optional<ArrayAt<T>> block_;
};

/// Forward and backward on the device, with whatever the trial's buffers hold and its sinks are.
template <class T>
void run_on(kernels::Backend& device, Trial<T>& trial) {
  Copies<T> numbers;
  Copies<std::int32_t> integers;
  for (auto* group : {&trial.inputs, &trial.results, &trial.gradients}) {
    for (auto& buffer : *group) numbers.add(buffer);
  }
  numbers.add(trial.upstream);
  integers.add(trial.integers);
  integers.add(trial.integer_results);
  numbers.send(device);
  integers.send(device);

  Buffers<T> at = trial.buffers;
  for (const T*& x : at.x) x = numbers.there(x);
  for (T*& y : at.y) y = numbers.there(y);
  for (Sink<T>& dx : at.dx) dx.data = numbers.there(dx.data);
  at.dy = numbers.there(at.dy);
  at.integers = integers.there(at.integers);
  at.integer_result = integers.there(at.integer_result);
  trial.problem.forward(device.stream(), at);
  trial.problem.backward(device.stream(), at);
  numbers.bring_back();
  integers.bring_back();
}

}  // namespace wengert::testing
