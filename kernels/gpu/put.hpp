// Results element by element, whatever they are made of: sink[i] = f(i).
//
// An f is a struct with
//
//   aligned()   whether quads may be used
//   four(i)     the values of elements i to i + 3, i a multiple of 4
//   one(i)      the value of element i
//   place(i)    where element i goes; where there is no such function, to i
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/gpu/elements.hpp"

namespace wengert::kernels::gpu {

template <class F>
__device__ std::int64_t place_of(const F& f, std::int64_t i) {
  if constexpr (requires { f.place(i); }) {
    return f.place(i);
  } else {
    return i;
  }
}

/// The block's share of n elements. Each thread has the same ones whatever f is.
template <class T, class F>
__device__ void put_elements(std::int64_t n, const Sink<T>& sink, const F& f) {
  if (!sink.wanted()) return;
  const auto quads = [&](std::int64_t i) {
    QuadOf<T> v[quads_together];
    for (int r = 0; r < quads_together; ++r) v[r] = f.four(i + r * quad_step);
    if (sink.mode == SinkMode::add) {
      QuadOf<T> sum[quads_together];
      for (int r = 0; r < quads_together; ++r) sum[r] = load4(sink.data + place_of(f, i + r * quad_step));
      for (int r = 0; r < quads_together; ++r) {
        for (int q = 0; q < 4; ++q) v[r][q] = sum[r][q] + v[r][q];
      }
    }
    for (int r = 0; r < quads_together; ++r) store4(sink.data + place_of(f, i + r * quad_step), v[r]);
  };
  for_elements(n, aligned16(sink.data) && f.aligned(), quads,
               [&](std::int64_t i) { sink.put(place_of(f, i), f.one(i)); });
}

template <class T, class F>
__global__ void __launch_bounds__(element_threads) put_each(std::int64_t n, Sink<T> sink, F f) {
  put_elements(n, sink, f);
}

/// The first sink's elements before the second one's: the two may be one memory.
template <class T, class F, class G>
__global__ void __launch_bounds__(element_threads) put_both(std::int64_t n, Sink<T> first, F f, Sink<T> second, G g) {
  put_elements(n, first, f);
  put_elements(n, second, g);
}

template <class T, class F>
void launch_put(const GpuStream& on, std::int64_t n, Sink<T> sink, const F& f) {
  if (n > 0 && sink.wanted()) simt::launch<put_each<T, F>>(over_elements(on, n), n, sink, f);
}

}  // namespace wengert::kernels::gpu
