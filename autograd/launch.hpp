// From tensors to kernel arguments: launch<&kernels::relu<float>>(n, x, y).
//
// The kernel's signature says what becomes of each tensor: `const T*` is read, `T*` written (its version rises),
// `Sink<T>` receives a gradient. Numbers pass through.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <typeinfo>
#include <utility>

#include "autograd/node.hpp"
#include "autograd/recorder.hpp"
#include "autograd/saved.hpp"
#include "autograd/tensor.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/devices/run.hpp"

namespace wengert {

/// Tensors that lie side by side in memory, handed to a kernel as one array.
using Neighbours = std::span<const Tensor>;

/// A gradient that the rule has opened itself: the mode that GradientSink::open gave, and where its kernel writes.
struct OpenSink {
  const Tensor& tensor;
  SinkMode mode;
};

namespace detail {

/// What a launch knows beside its arguments.
struct Call {
  const std::type_info& kernel;
  Recorder* recorder;
};

/// How one kernel parameter is made from what a call site has.
template <class Parameter>
struct Argument {
  static void check(const auto&) {}
  static Parameter make(const auto& number, const Call&) { return static_cast<Parameter>(number); }
};

template <class T>
struct Argument<const T*> {
  static void check(const Tensor&) {}
  static void check(const Neighbours&) {}
  static void check(const Saved& saved) { saved.check(); }
  static const T* make(const Saved& saved, const Call& call) { return make(saved.unchecked(), call); }
  static const T* make(const Tensor& x, const Call& call) {
    if (!x.defined()) return nullptr;
    if (call.recorder) call.recorder->reads(x.storage());
    return static_cast<const T*>(x.storage()->data);
  }
  static const T* make(const Neighbours& run, const Call& call) {
    if (call.recorder) {
      for (const Tensor& x : run) call.recorder->reads(x.storage());
    }
    return run.front().data<T>();
  }
};

template <class T>
struct Argument<T*> {
  static void check(const auto&) {}
  static T* make(const Tensor& y, const Call& call) {
    if (!y.defined()) return nullptr;
    y.storage()->wrote(call.kernel);
    if (call.recorder) call.recorder->writes(y.storage());
    return static_cast<T*>(y.storage()->data);
  }
  static T* make(const Neighbours& run, const Call& call) {
    for (const Tensor& y : run) make(y, call);
    return static_cast<T*>(run.front().storage()->data);
  }
};

template <class T>
struct Argument<kernels::Sink<T>> {
  static void check(const auto&) {}
  static kernels::Sink<T> make(const GradientSink& sink, const Call& call) {
    if (!sink.wanted()) return {nullptr, SinkMode::ignore};
    const SinkMode mode = sink.open();
    return {Argument<T*>::make(sink.tensor(), call), mode};
  }
  static kernels::Sink<T> make(const OpenSink& sink, const Call& call) {
    return {Argument<T*>::make(sink.tensor, call), sink.mode};
  }
  /// A tensor in a sink's place, or neighbours there, are simply overwritten.
  static kernels::Sink<T> make(const Tensor& y, const Call& call) {
    return {Argument<T*>::make(y, call), SinkMode::write};
  }
  static kernels::Sink<T> make(const Neighbours& run, const Call& call) {
    return {Argument<T*>::make(run, call), SinkMode::write};
  }
};

// Where an argument of a call lies; null for numbers, and for what is not there.
constexpr const Device* device_of(const auto&) { return nullptr; }
inline const Device* device_of(const Tensor& x) { return x.defined() ? &x.storage()->device : nullptr; }
inline const Device* device_of(const Saved& saved) { return device_of(saved.unchecked()); }
inline const Device* device_of(const Neighbours& run) { return device_of(run.front()); }
inline const Device* device_of(const GradientSink& sink) { return sink.wanted() ? &sink.target()->device : nullptr; }
inline const Device* device_of(const OpenSink& sink) { return device_of(sink.tensor); }

[[noreturn]] void refuse_devices(const char* kernel, Device one, Device other);

// The one device that all arguments of a call are on.
template <auto Kernel, class... Args>
Device common_device(const Args&... args) {
  const Device *common = nullptr, *other = nullptr;
  const auto meet = [&](const Device* device) {
    if (!device) return;
    if (!common) common = device;
    if (std::bit_cast<std::uint16_t>(*device) != std::bit_cast<std::uint16_t>(*common)) other = device;
  };
  (meet(device_of(args)), ...);
  if (other) [[unlikely]]
    refuse_devices(kernels::kernel_name<Kernel>(), *common, *other);
  return *common;
}

template <auto Kernel, class Signature>
struct Launcher;
template <auto Kernel, class... Parameters>
struct Launcher<Kernel, void (*)(kernels::Stream&, Parameters...)> {
  template <class... Args>
  static void run(const Args&... args) {
    (Argument<Parameters>::check(args), ...);
    const Device device = common_device<Kernel>(args...);
    Recorder* const recorder = Recorder::current();
    const Call call{typeid(kernels::KernelName<Kernel>), recorder};
    // Braces order the conversions left to right: of two sinks on one buffer the first writes, the second adds.
    Launcher{device, recorder ? &recorder->calls() : nullptr, Argument<Parameters>::make(args, call)...};
  }

 private:
  Launcher(Device device, kernels::CallList* recording, const Parameters&... values) {
    if (kernels::is_cpu(device)) [[likely]] {  // a small op would feel a call by pointer
      kernels::cpu_stream().submit(recording, kernels::Known<Kernel>{}, values...);
    } else {
      kernels::run<Kernel>(kernels::stream_of(device), recording, values...);
    }
  }
};

}  // namespace detail

/// Runs the kernel on its tensors' device, now; inside a capture it is remembered too. Errors: tensors on several devices;
/// a device that has no such kernel.
template <auto Kernel, class... Args>
void launch(const Args&... args) {
  detail::Launcher<Kernel, decltype(Kernel)>::run(args...);
}

}  // namespace wengert
