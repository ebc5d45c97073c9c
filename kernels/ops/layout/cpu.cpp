#include "kernels/ops/layout/layout.hpp"

#include <algorithm>

#include "kernels/base/math.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {
namespace {

// `outer` runs of `count` neighbours each, from one pitch to another.
template <class T>
void store_runs(std::int64_t outer, std::int64_t count, const T* x, std::int64_t x_pitch, Sink<T> y,
                std::int64_t y_pitch) {
  if (!y.wanted() || count == 0) return;
  const auto runs = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) {
      const Sink<T> part{y.data + o * y_pitch, y.mode};
      cpu::store_range(part, 0, count, [from = x + o * x_pitch](std::int64_t i) { return from[i]; });
    }
  };
  if (outer == 1) {
    cpu::store(y, count, [x](std::int64_t i) { return x[i]; });
  } else {
    cpu::for_ranges(outer, runs, std::max<std::int64_t>(1, cpu::grain / count));
  }
}

}  // namespace

template <class T>
void fill(Stream&, std::int64_t n, T value, T* y) {
  cpu::store(written(y), n, [value](std::int64_t) { return value; });
}

template <class T>
void copy(Stream&, std::int64_t n, const T* x, Sink<T> y) {
  cpu::store(y, n, [x](std::int64_t i) { return x[i]; });
}

template <class From, class To>
void convert(Stream&, std::int64_t n, const From* x, To* y) {
  cpu::store(written(y), n, [x](std::int64_t i) { return math::convert<To>(x[i]); });
}

// In square tiles, so that both sides use whole cache lines; runs of c neighbours stay together.
template <class T>
void transpose(Stream&, Transpose t, const T* x, Sink<T> y) {
  constexpr std::int64_t tile = 16;
  if (!y.wanted() || t.m * t.c == 0) return;
  const std::int64_t strips = (t.n + tile - 1) / tile;
  const auto some_strips = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t strip = begin; strip < end; ++strip) {
      const std::int64_t j0 = strip % strips * tile, j1 = std::min(t.n, j0 + tile);
      const std::int64_t b = strip / strips % t.b, a = strip / strips / t.b;
      for (std::int64_t i0 = 0; i0 < t.m; i0 += tile) {
        const std::int64_t i1 = std::min(t.m, i0 + tile);
        for (std::int64_t j = j0; j < j1; ++j) {
          const T* const from = x + ((a * t.m * t.b + b) * t.n + j) * t.c;
          const std::int64_t step = t.b * t.n * t.c;
          T* const to = y.data + ((a * t.n + j) * t.b + b) * t.m * t.c;
          if (t.c == 1) {
            cpu::store_range(Sink<T>{to, y.mode}, i0, i1, [=](std::int64_t i) { return from[i * step]; });
          } else {
            for (std::int64_t i = i0; i < i1; ++i) {
              cpu::store_range(Sink<T>{to + i * t.c, y.mode}, 0, t.c,
                               [run = from + i * step](std::int64_t k) { return run[k]; });
            }
          }
        }
      }
    }
  };
  cpu::for_ranges(t.a * t.b * strips, some_strips, std::max<std::int64_t>(1, cpu::grain / (tile * t.m * t.c)));
}

template <class T>
void slice(Stream&, Slice s, const T* x, Sink<T> y) {
  store_runs(s.outer, s.count * s.inner, x + s.begin * s.inner, s.axis * s.inner, y, s.count * s.inner);
}

template <class T>
void slice_into(Stream&, Slice s, const T* x, T* y) {
  store_runs(s.outer, s.count * s.inner, x, s.count * s.inner, written(y + s.begin * s.inner), s.axis * s.inner);
}

template <class T>
void slice_backward(Stream& stream, Slice s, const T* dy, Sink<T> dx) {
  if (dx.mode == SinkMode::write) fill(stream, s.outer * s.axis * s.inner, T{0}, dx.data);
  if (!dx.wanted()) return;
  store_runs(s.outer, s.count * s.inner, dy, s.count * s.inner, Sink<T>{dx.data + s.begin * s.inner, dx.mode},
             s.axis * s.inner);
}

template <class T>
struct LayoutKernels {
  static inline const cpu::Offer<&fill<T>, &copy<T>, &transpose<T>, &slice<T>, &slice_into<T>, &slice_backward<T>,
                                 &convert<T, float>, &convert<T, double>, &convert<T, std::int32_t>>
      offer;
};
template struct LayoutKernels<float>;
template struct LayoutKernels<double>;
template struct LayoutKernels<std::int32_t>;

}  // namespace wengert::kernels
