#include "kernels/ops/elementwise/elementwise.hpp"

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/elements.hpp"

namespace wengert::kernels::gpu {
namespace {

template <class Op, class T>
__global__ void __launch_bounds__(element_threads) value(Op op, std::int64_t n, const T* x, T* y) {
  const auto quads = [=](std::int64_t i) {
    QuadOf<T> v[quads_together];
    for (int r = 0; r < quads_together; ++r) v[r] = load4(x + i + r * quad_step);
    for (int r = 0; r < quads_together; ++r) {
      for (int q = 0; q < 4; ++q) v[r][q] = op.value(v[r][q]);
      store4(y + i + r * quad_step, v[r]);
    }
  };
  for_elements(n, aligned16(x, y), quads, [=](std::int64_t i) { y[i] = op.value(x[i]); });
}

template <class Op, bool Add>
__global__ void __launch_bounds__(element_threads)
    gradient(Op op, std::int64_t n, const float* saved, const float* dy, float* dx) {
  constexpr bool reads = Op::saves != Saves::nothing;
  const auto quads = [=](std::int64_t i) {
    Quad from[quads_together] = {}, upstream[quads_together], sum[quads_together] = {};
    for (int r = 0; r < quads_together; ++r) {
      const std::int64_t at = i + r * quad_step;
      if constexpr (reads) from[r] = load4(saved + at);
      upstream[r] = load4(dy + at);
      if constexpr (Add) sum[r] = load4(dx + at);
    }
    for (int r = 0; r < quads_together; ++r) {
      for (int q = 0; q < 4; ++q) {
        const float value = upstream[r][q] * op.slope(from[r][q]);
        sum[r][q] = Add ? sum[r][q] + value : value;
      }
      store4(dx + i + r * quad_step, sum[r]);
    }
  };
  const auto single = [=](std::int64_t i) {
    const float value = dy[i] * op.slope(reads ? saved[i] : 0.0f);
    dx[i] = Add ? dx[i] + value : value;
  };
  for_elements(n, aligned16(dy, dx) && (!reads || aligned16(saved)), quads, single);
}

}  // namespace

template <class Op, class T>
void unary(Stream& stream, Op op, std::int64_t n, const T* x, T* y) {
  if (n > 0) simt::launch<value<Op, T>>(over_elements(on_gpu(stream), n), op, n, x, y);
}

template <class Op>
void unary_backward(Stream& stream, Op op, std::int64_t n, const float* saved, const float* dy, Sink<float> dx) {
  if (n == 0 || !dx.wanted()) return;
  const simt::Launch where = over_elements(on_gpu(stream), n);
  if (dx.mode == SinkMode::add) {
    simt::launch<gradient<Op, true>>(where, op, n, saved, dy, dx.data);
  } else {
    simt::launch<gradient<Op, false>>(where, op, n, saved, dy, dx.data);
  }
}

namespace {

template <class Op>
void offer(Types<Op>) {
  const Offer floats{take_place<&kernels::unary<Op, float>, &unary<Op, float>>(),
                     take_place<&kernels::unary_backward<Op, float>, &unary_backward<Op>>()};
  if constexpr (AlsoInteger<Op>) {
    const Offer integers{take_place<&kernels::unary<Op, std::int32_t>, &unary<Op, std::int32_t>>()};
  }
}
const bool offered = (for_each_type(UnaryOps{} + NumberOps{}, [](auto op) { offer(op); }), true);

}  // namespace
}  // namespace wengert::kernels::gpu
