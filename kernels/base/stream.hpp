// Kernel calls run now, or are remembered too: capture lives here, below tensors and tape.
//
// A kernel is a function `void name(Stream&, ...)` whose parameters are numbers, `const T*` (read), `T*` (written) and
// `Sink<T>` (a gradient, written or added to). The signature is the whole story of what a call touches, so nobody has
// to declare it a second time.
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

#include "kernels/base/device.hpp"

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
  /// `call` is a closure `void(Stream&)`. Kernels' arguments are plain data, so its bytes are all that is kept.
  template <class Call>
  void append(Stream& stream, const Call& call) {
    static_assert(std::is_trivially_copyable_v<Call> && alignof(Call) <= alignof(Word));
    append(
        stream, [](Stream& on, const void* closure) { (*static_cast<const Call*>(closure))(on); }, &call, sizeof call);
  }
  void run() const {
    for (const Recorded& call : calls_) call.replay(*call.stream, closures_.data() + call.closure);
  }
  std::size_t size() const { return calls_.size(); }
  /// The stream of all calls; null if there are none, or several streams.
  Stream* stream() const;

 private:
  using Word = std::max_align_t;
  using Replay = void (*)(Stream&, const void* closure);
  struct Recorded {
    Stream* stream;
    Replay replay;
    std::size_t closure;  // where in closures_ it begins
  };
  void append(Stream& stream, Replay replay, const void* closure, std::size_t bytes);

  std::vector<Recorded> calls_;
  std::vector<Word> closures_;
};

template <class Kernel, class... Args>
void Stream::submit(CallList* recording, Kernel kernel, const Args&... args) {
  if (recording) [[unlikely]]
    recording->append(*this, [kernel, args...](Stream& stream) { kernel(stream, args...); });
  kernel(*this, args...);
}

}  // namespace wengert::kernels
