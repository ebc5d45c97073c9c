// Loops over elements, shared by the CPU kernels: cut for threads when they are long, written so that they vectorise.
#pragma once

#include <cstdint>

#include "kernels/base/parallel.hpp"
#include "kernels/base/sink.hpp"

namespace wengert::kernels::cpu {

/// The least number of elements that is worth waking a thread for.
inline constexpr std::int64_t grain = 16384;

/// body(begin, end) over ranges that cover [0, n). A short loop costs one comparison more than itself.
template <class F>
void for_ranges(std::int64_t n, const F& body, std::int64_t least = grain) {
  if (n < 2 * least) {
    body(std::int64_t{0}, n);
  } else {
    parallel_for(n, least, body);
  }
}

/// f(i) into sink[i] for i in [begin, end): one loop for each mode. f comes by value: nobody has the address of such a
/// copy, so no write to the sink can change it; else the loop would not vectorise where f holds a T.
template <class T, class F>
void store_range(Sink<T> sink, std::int64_t begin, std::int64_t end, F f) {
  T* const out = sink.data;
  if (sink.mode == SinkMode::write) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = f(i);
  } else if (sink.mode == SinkMode::add) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = out[i] + f(i);
  }
}

/// f(i) into sink[i] for i in [0, n), on several threads if n is large.
template <class T, class F>
void store(Sink<T> sink, std::int64_t n, const F& f) {
  if (sink.wanted()) for_ranges(n, [&](std::int64_t begin, std::int64_t end) { store_range(sink, begin, end, f); });
}

}  // namespace wengert::kernels::cpu
