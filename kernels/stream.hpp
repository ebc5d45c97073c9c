// Kernel calls run now, or are remembered too: capture lives here, below tensors and tape.
//
// A kernel is a function `void name(Stream&, ...)` whose parameters are numbers, `const T*` (read), `T*` (written) and
// `Sink<T>` (a gradient, written or added to). The signature is the whole story of what a call touches, so nobody has
// to declare it a second time.
#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "kernels/device.hpp"

namespace wengert::kernels {

class Stream;

/// A list of kernel calls with their arguments, to be run again in order.
class CallList {
 public:
  template <auto Kernel, class... Args>
  void append(const Args&... args) {
    calls_.push_back(std::make_unique<BoundCall<Kernel, Args...>>(args...));
  }
  void run(Stream& stream) const {
    for (const auto& call : calls_) call->run(stream);
  }
  std::size_t size() const { return calls_.size(); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void run(Stream&) = 0;
  };
  template <auto Kernel, class... Args>
  struct BoundCall final : Call {
    explicit BoundCall(const Args&... args) : bound(args...) {}
    void run(Stream& stream) override {
      std::apply([&](const auto&... args) { Kernel(stream, args...); }, bound);
    }
    std::tuple<Args...> bound;
  };
  std::vector<std::unique_ptr<Call>> calls_;
};

/// Where kernels of one device are issued, in order.
class Stream {
 public:
  constexpr explicit Stream(Device device) : device_(device) {}
  Device device() const { return device_; }

  /// Runs the kernel, and appends the call to `recording` if there is one.
  template <auto Kernel, class... Args>
  void submit(CallList* recording, const Args&... args) {
    if (recording) recording->append<Kernel>(args...);
    Kernel(*this, args...);
  }

 private:
  Device device_;
};

}  // namespace wengert::kernels
