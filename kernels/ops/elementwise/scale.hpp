// y = factor x, where the factor is a number on the device: a gradient times what comes from further up.
//
//   in place     y may be x itself, written over; then nothing is read or written where the factor is 1.
//   dtypes       float32, float64.
//   determinism  the same bits everywhere.
//   bytes        2n sizeof(T); none in place with a factor of 1
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"

namespace wengert::kernels {

template <class T>
void scale(Stream&, std::int64_t n, const T* factor, const T* x, Sink<T> y);

/// Whether there is nothing to do.
template <class T>
constexpr bool already_scaled(T factor, const T* x, const Sink<T>& y) {
  return factor == T(1) && y.data == x && y.mode == SinkMode::write;
}

}  // namespace wengert::kernels
