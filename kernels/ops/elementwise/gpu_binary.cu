#include "kernels/ops/elementwise/elementwise.hpp"

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/broadcast.hpp"
#include "kernels/gpu/put.hpp"

namespace wengert::kernels::gpu {
namespace {

template <class Op, class T, int Rank>
struct Value {
  Axes<Rank> axes;
  BroadcastOperand<T, Rank> a, b;

  __device__ bool aligned() const { return axes.fours && a.aligned() && b.aligned(); }
  __device__ T one(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    return Op::value(a.one(place), b.one(place));
  }
  __device__ QuadOf<T> four(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    QuadOf<T> x = a.four(place);
    const QuadOf<T> y = b.four(place);
    for (int q = 0; q < 4; ++q) x[q] = Op::value(x[q], y[q]);
    return x;
  }
};

enum class Side { a, b };

template <class Op, Side Of>
__device__ float gradient(float dy, float a, float b) {
  return Of == Side::a ? Op::da(dy, a, b) : Op::db(dy, a, b);
}

template <class Op, Side Of, int Rank>
struct Gradient {
  Axes<Rank> axes;
  BroadcastOperand<float, Rank> a, b;
  const float* dy;

  __device__ bool aligned() const { return aligned16(dy) && axes.fours && a.aligned() && b.aligned(); }
  __device__ float one(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    return gradient<Op, Of>(dy[i], a.one(place), b.one(place));
  }
  __device__ Quad four(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    Quad result = load4(dy + i);
    const Quad x = a.four(place), y = b.four(place);
    for (int q = 0; q < 4; ++q) result[q] = gradient<Op, Of>(result[q], x[q], y[q]);
    return result;
  }
};

/// Where no operand is read.
template <class Op, Side Of>
struct GradientOfUpstream {
  const float* dy;

  __device__ bool aligned() const { return aligned16(dy); }
  __device__ float one(std::int64_t i) const { return gradient<Op, Of>(dy[i], 0.0f, 0.0f); }
  __device__ Quad four(std::int64_t i) const {
    Quad result = load4(dy + i);
    for (int q = 0; q < 4; ++q) result[q] = gradient<Op, Of>(result[q], 0.0f, 0.0f);
    return result;
  }
};

template <class F, class G>
void launch_put_both(const GpuStream& on, std::int64_t n, Sink<float> da, const F& f, Sink<float> db, const G& g) {
  simt::launch<put_both<float, F, G>>(over_elements(on, n), n, da, f, db, g);
}

}  // namespace

template <class Op, class T>
void binary(Stream& stream, Broadcast loop, const T* a, const T* b, T* y) {
  if (loop.numel() == 0) return;
  with_rank(loop, [&]<int Rank>() {
    launch_put(on_gpu(stream), loop.numel(), written(y),
               Value<Op, T, Rank>{axes_of<Rank>(loop), operand_of<Rank>(loop, loop.a_moves, a),
                                  operand_of<Rank>(loop, loop.b_moves, b)});
  });
}

template <class Op>
void binary_backward(Stream& stream, Broadcast loop, const float* a, const float* b, const float* dy, Sink<float> da,
                     Sink<float> db) {
  const GpuStream& on = on_gpu(stream);
  const std::int64_t n = loop.numel();
  if (n == 0 || (!da.wanted() && !db.wanted())) return;
  if constexpr (!Op::saves) {
    launch_put_both(on, n, da, GradientOfUpstream<Op, Side::a>{dy}, db, GradientOfUpstream<Op, Side::b>{dy});
  } else {
    with_rank(loop, [&]<int Rank>() {
      const Axes<Rank> axes = axes_of<Rank>(loop);
      const auto of_a = operand_of<Rank>(loop, loop.a_moves, a), of_b = operand_of<Rank>(loop, loop.b_moves, b);
      launch_put_both(on, n, da, Gradient<Op, Side::a, Rank>{axes, of_a, of_b, dy}, db,
                      Gradient<Op, Side::b, Rank>{axes, of_a, of_b, dy});
    });
  }
}

namespace {

template <class Op>
void offer(Types<Op>) {
  const Offer floats{take_place<&kernels::binary<Op, float>, &binary<Op, float>>(),
                     take_place<&kernels::binary_backward<Op, float>, &binary_backward<Op>>()};
  if constexpr (AlsoInteger<Op>) {
    const Offer integers{take_place<&kernels::binary<Op, std::int32_t>, &binary<Op, std::int32_t>>()};
  }
}
const bool offered = (for_each_type(BinaryOps{}, [](auto op) { offer(op); }), true);

}  // namespace
}  // namespace wengert::kernels::gpu
