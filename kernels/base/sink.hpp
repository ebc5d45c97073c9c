// Where a backward kernel puts a gradient, and whether it is wanted at all.
#pragma once

#include <cstdint>

namespace wengert {

/// ignore: no gradient is wanted here (a detached or frozen side): compute nothing, touch nothing.
/// write: this is the first contribution; every element is overwritten, whatever it held.
/// add: earlier contributions are there; add to them.
enum class SinkMode : std::uint8_t { ignore, write, add };

namespace kernels {

/// One input's gradient as a kernel sees it. "No gradient wanted" was decided when the op was recorded and arrives here
/// as data. Two sinks of one call may be the same memory (x * x gives write, then add), so kernels finish the first
/// sink before they begin the second, and never declare sinks __restrict.
template <class T>
struct Sink {
  T* data;
  SinkMode mode;

  constexpr bool wanted() const { return mode != SinkMode::ignore; }
  constexpr void put(std::int64_t i, T value) const { data[i] = mode == SinkMode::add ? data[i] + value : value; }
};

/// A forward result, as a sink.
template <class T>
Sink<T> written(T* y) {
  return {y, SinkMode::write};
}

}  // namespace kernels
}  // namespace wengert
