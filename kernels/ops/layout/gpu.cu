#include "kernels/ops/layout/layout.hpp"

#include "kernels/base/error.hpp"
#include "kernels/base/math.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/divisor.hpp"
#include "kernels/gpu/put.hpp"

namespace wengert::kernels::gpu {
namespace {

template <class T>
struct Constant {
  T value;

  __device__ bool aligned() const { return true; }
  __device__ T one(std::int64_t) const { return value; }
  __device__ QuadOf<T> four(std::int64_t) const { return four_times(value); }
};

template <class From, class To>
struct Converted {
  const From* x;

  __device__ bool aligned() const { return aligned16(x); }
  __device__ To one(std::int64_t i) const { return math::convert<To>(x[i]); }
  __device__ QuadOf<To> four(std::int64_t i) const {
    const QuadOf<From> from = load4(x + i);
    QuadOf<To> to;
    for (int q = 0; q < 4; ++q) to[q] = math::convert<To>(from[q]);
    return to;
  }
};

/// Runs of `count` neighbours each, from one pitch to another. One run alone may be of any length: it has the number 0.
struct Runs {
  std::int64_t outer, count, from_pitch, to_pitch;
  Divisor by_count{};

  __device__ std::int64_t from(std::int64_t i) const { return at(i, from_pitch); }
  __device__ std::int64_t to(std::int64_t i) const { return at(i, to_pitch); }
  __device__ bool fours() const { return outer == 1 || (count | from_pitch | to_pitch) % 4 == 0; }

 private:
  __device__ std::int64_t at(std::int64_t i, std::int64_t pitch) const {
    if (outer == 1) return i;
    const std::int64_t run = by_count.quotient(i);
    return run * pitch + by_count.remainder(i, run);
  }
};

template <class T>
struct CopiedRuns {
  Runs runs;
  const T* x;

  __device__ bool aligned() const { return runs.fours() && aligned16(x); }
  __device__ std::int64_t place(std::int64_t i) const { return runs.to(i); }
  __device__ T one(std::int64_t i) const { return x[runs.from(i)]; }
  __device__ QuadOf<T> four(std::int64_t i) const { return load4(x + runs.from(i)); }
};

void check_size(const char* op, std::int64_t n) {
  if (n > Divisor::most) {
    fail(op, ": the GPU's kernel moves at most ", Divisor::most, " elements unless they are neighbours, and here are ",
         n);
  }
}

template <class T>
void store_runs(Stream& stream, const char* op, Runs runs, const T* x, Sink<T> y) {
  const std::int64_t n = runs.outer * runs.count;
  if (n == 0) return;
  if (runs.outer > 1) check_size(op, n);
  runs.by_count = Divisor(runs.count);
  launch_put(on_gpu(stream), n, y, CopiedRuns<T>{runs, x});
}

/// The gradient of a slice: dy where it was taken from, and 0 beside it.
template <class T>
struct Surrounded {
  Divisor by_whole;                  // elements of x with one outer index
  std::int64_t begin, count, pitch;  // of the slice among them
  const T* dy;

  __device__ bool aligned() const { return (begin | count | pitch) % 4 == 0 && aligned16(dy); }
  __device__ T one(std::int64_t i) const {
    const std::int64_t at = source(i);
    return at < 0 ? T{0} : dy[at];
  }
  __device__ QuadOf<T> four(std::int64_t i) const {
    const std::int64_t at = source(i);
    return at < 0 ? four_times(T{0}) : load4(dy + at);
  }

 private:
  __device__ std::int64_t source(std::int64_t i) const {
    const std::int64_t outer = by_whole.quotient(i), inside = by_whole.remainder(i, outer) - begin;
    return inside >= 0 && inside < count ? outer * count + inside : -1;
  }
};

// y[a, j, b, i, k] = x[a, i, b, j, k], element by element of y: for runs of k, and for matrices too narrow for tiles.
template <class T>
struct Gathered {
  Transpose t;
  Divisor by_c, by_m, by_b, by_n;
  const T* x;

  __device__ bool aligned() const { return t.c % 4 == 0 && aligned16(x); }
  __device__ T one(std::int64_t i) const { return x[source(i)]; }
  __device__ QuadOf<T> four(std::int64_t i) const { return load4(x + source(i)); }

 private:
  __device__ std::int64_t source(std::int64_t element) const {
    const std::int64_t upto_i = by_c.quotient(element), k = by_c.remainder(element, upto_i);
    const std::int64_t upto_b = by_m.quotient(upto_i), i = by_m.remainder(upto_i, upto_b);
    const std::int64_t upto_j = by_b.quotient(upto_b), b = by_b.remainder(upto_b, upto_j);
    const std::int64_t a = by_n.quotient(upto_j), j = by_n.remainder(upto_j, a);
    return (((a * t.m + i) * t.b + b) * t.n + j) * t.c + k;
  }
};

// In square tiles, which both sides access by whole rows. In shared memory these are an odd number of words apart, so that
// a column is spread over the banks.
constexpr int tile = 32, tile_rows = 8;  // rows that a block's threads access together

struct Tiles {
  unsigned b, beside, of_matrix;  // `beside` each other along n
};

template <class T>
__global__ void __launch_bounds__(tile* tile_rows) transpose_tiles(Transpose t, Tiles tiles, const T* x, Sink<T> y) {
  SHARED(T, turned, [tile][tile + 1]);
  const unsigned matrix = blockIdx.x / tiles.of_matrix, in_matrix = blockIdx.x % tiles.of_matrix;
  const std::int64_t a = matrix / tiles.b, b = matrix % tiles.b;
  const std::int64_t i0 = std::int64_t{in_matrix / tiles.beside} * tile, j0 = in_matrix % tiles.beside * tile;
  const int column = static_cast<int>(threadIdx.x) % tile, row = static_cast<int>(threadIdx.x) / tile;
  for (int r = row; r < tile; r += tile_rows) {
    if (i0 + r < t.m && j0 + column < t.n) {
      turned[r][column] = x[((a * t.m + i0 + r) * t.b + b) * t.n + j0 + column];
    }
  }
  __syncthreads();
  for (int r = row; r < tile; r += tile_rows) {
    if (j0 + r < t.n && i0 + column < t.m) {
      y.put(((a * t.n + j0 + r) * t.b + b) * t.m + i0 + column, turned[column][r]);
    }
  }
}

}  // namespace

template <class T>
void fill(Stream& stream, std::int64_t n, T value, T* y) {
  launch_put(on_gpu(stream), n, written(y), Constant<T>{value});
}

template <class T>
void copy(Stream& stream, std::int64_t n, const T* x, Sink<T> y) {
  launch_put(on_gpu(stream), n, y, Converted<T, T>{x});
}

template <class From, class To>
void convert(Stream& stream, std::int64_t n, const From* x, To* y) {
  launch_put(on_gpu(stream), n, written(y), Converted<From, To>{x});
}

template <class T>
void transpose(Stream& stream, Transpose t, const T* x, Sink<T> y) {
  const std::int64_t n = t.a * t.m * t.b * t.n * t.c;
  if (n == 0 || !y.wanted()) return;
  const GpuStream& on = on_gpu(stream);
  if (t.c > 1 || t.m < tile_rows || t.n < tile_rows) {
    check_size("transpose", n);
    return launch_put(on, n, y, Gathered<T>{t, Divisor(t.c), Divisor(t.m), Divisor(t.b), Divisor(t.n), x});
  }
  const std::int64_t beside = ceil_div(t.n, tile), of_matrix = ceil_div(t.m, tile) * beside;
  const Tiles tiles{static_cast<unsigned>(t.b), static_cast<unsigned>(beside), static_cast<unsigned>(of_matrix)};
  const auto blocks = static_cast<unsigned>(t.a * t.b * of_matrix);
  simt::launch<transpose_tiles<T>>({blocks, tile * tile_rows, 0, on.queue}, t, tiles, x, y);
}

template <class T>
void slice(Stream& stream, Slice s, const T* x, Sink<T> y) {
  const std::int64_t count = s.count * s.inner;
  store_runs(stream, "slice", {s.outer, count, s.axis * s.inner, count}, x + s.begin * s.inner, y);
}

template <class T>
void slice_into(Stream& stream, Slice s, const T* x, T* y) {
  const std::int64_t count = s.count * s.inner;
  store_runs(stream, "cat", {s.outer, count, count, s.axis * s.inner}, x, written(y + s.begin * s.inner));
}

template <class T>
void slice_backward(Stream& stream, Slice s, const T* dy, Sink<T> dx) {
  const std::int64_t count = s.count * s.inner, whole = s.axis * s.inner, begin = s.begin * s.inner;
  if (dx.mode == SinkMode::add) {
    return store_runs(stream, "slice", {s.outer, count, count, whole}, dy, Sink<T>{dx.data + begin, dx.mode});
  }
  check_size("slice", s.outer * whole);
  launch_put(on_gpu(stream), s.outer * whole, dx, Surrounded<T>{Divisor(whole), begin, count, whole, dy});
}

namespace {

template <class T>
Offer moves() {
  return {take_place<&kernels::transpose<T>, &transpose<T>>(), take_place<&kernels::slice<T>, &slice<T>>(),
          take_place<&kernels::slice_into<T>, &slice_into<T>>(),
          take_place<&kernels::slice_backward<T>, &slice_backward<T>>()};
}
template <class T>
Offer fills_and_copies() {
  return {take_place<&kernels::fill<T>, &fill<T>>(), take_place<&kernels::copy<T>, &copy<T>>(),
          take_place<&kernels::convert<T, float>, &convert<T, float>>(),
          take_place<&kernels::convert<T, double>, &convert<T, double>>(),
          take_place<&kernels::convert<T, std::int32_t>, &convert<T, std::int32_t>>()};
}

const Offer moves_floats = moves<float>(), moves_integers = moves<std::int32_t>();
const Offer floats = fills_and_copies<float>(), doubles = fills_and_copies<double>(),
            integers = fills_and_copies<std::int32_t>();

}  // namespace
}  // namespace wengert::kernels::gpu
