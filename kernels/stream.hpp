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

class CallList;

/// Where kernels of one device are issued, in order.
class Stream {
 public:
  constexpr explicit Stream(Device device) : device_(device) {}
  Device device() const { return device_; }

  /// Runs kernel(stream, args...), and appends the call to `recording` if there is one.
  template <class Kernel, class... Args>
  void submit(CallList* recording, Kernel kernel, const Args&... args);

 private:
  Device device_;
};

/// A kernel that the compiler knows, so that calling it needs no pointer.
template <auto Kernel>
struct Known {
  template <class... Args>
  void operator()(Stream& stream, const Args&... args) const {
    Kernel(stream, args...);
  }
};

/// A list of kernel calls with their streams and arguments, to be run again in order.
class CallList {
 public:
  template <class Kernel, class... Args>
  void append(Stream& stream, Kernel kernel, const Args&... args) {
    one_stream_ = one_stream_ && (calls_.empty() || stream_ == &stream);
    stream_ = &stream;
    calls_.push_back(std::make_unique<BoundCall<Kernel, Args...>>(stream, kernel, args...));
  }
  void run() const {
    for (const auto& call : calls_) call->run();
  }
  std::size_t size() const { return calls_.size(); }
  /// The stream of all calls; null if there are none, or several streams.
  Stream* stream() const { return one_stream_ ? stream_ : nullptr; }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void run() = 0;
  };
  template <class Kernel, class... Args>
  struct BoundCall final : Call {
    explicit BoundCall(Stream& on, Kernel called, const Args&... args) : stream(on), kernel(called), bound(args...) {}
    void run() override {
      std::apply([&](const auto&... args) { kernel(stream, args...); }, bound);
    }
    Stream& stream;
    [[no_unique_address]] Kernel kernel;
    std::tuple<Args...> bound;
  };
  std::vector<std::unique_ptr<Call>> calls_;
  Stream* stream_ = nullptr;
  bool one_stream_ = true;
};

template <class Kernel, class... Args>
void Stream::submit(CallList* recording, Kernel kernel, const Args&... args) {
  if (recording) recording->append(*this, kernel, args...);
  kernel(*this, args...);
}

}  // namespace wengert::kernels
