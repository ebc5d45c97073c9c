// A trial whose kernels run on a device.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tests/support/device_array.hpp"
#include "tests/support/trial.hpp"

namespace wengert::testing {

/// Buffers of the host, each with a copy on the device, margins and all.
template <class T>
class Copies {
 public:
  explicit Copies(kernels::Backend& device) : device_(device) {}

  void add(Guarded<T>& buffer) {
    const std::span<T> here = buffer.whole();
    copies_.push_back({here, ArrayAt<T>(Place(device_), {here.begin(), here.end()})});
  }
  /// The copy's address for one in a buffer.
  T* there(const T* here) {
    for (Copy& copy : copies_) {
      if (here >= copy.here.data() && here < copy.here.data() + copy.here.size()) {
        return copy.there.data() + (here - copy.here.data());
      }
    }
    return nullptr;
  }
  void bring_back() {
    for (Copy& copy : copies_) std::copy(copy.there.values().begin(), copy.there.values().end(), copy.here.begin());
  }

 private:
  struct Copy {
    std::span<T> here;
    ArrayAt<T> there;
  };
  kernels::Backend& device_;
  std::vector<Copy> copies_;
};

/// Forward and backward on the device, with whatever the trial's buffers hold and its sinks are.
template <class T>
void run_on(kernels::Backend& device, Trial<T>& trial) {
  Copies<T> numbers(device);
  Copies<std::int32_t> integers(device);
  for (auto* group : {&trial.inputs, &trial.results, &trial.gradients}) {
    for (auto& buffer : *group) numbers.add(buffer);
  }
  numbers.add(trial.upstream);
  integers.add(trial.integers);
  integers.add(trial.integer_results);

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
