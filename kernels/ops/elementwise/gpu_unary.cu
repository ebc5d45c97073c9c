#include "kernels/ops/elementwise/unary.hpp"

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/elements.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/elementwise/gpu_relu_mask.hpp"

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

// ReLU with a mask: a warp has 1024 elements at a time, a thread eight quads of them and their 32 bits.
constexpr int group = 1024;

template <class F>
__device__ void for_groups(std::int64_t n, const F& f) {
  const std::int64_t first = (std::int64_t{blockIdx.x} * (element_threads / 32) + warp_of_block()) * group;
  if (first < n) f(first, first / 32 + warp_lane(), static_cast<int>(min(std::int64_t{group}, n - first)));
}
__device__ int place(int r, int q) { return 128 * r + 4 * warp_lane() + q; }
__device__ Quad load_part(const float* from, bool whole, int r, int count) {
  if (whole) return load4(from + place(r, 0));
  Quad x = {};
  for (int q = 0; q < 4; ++q) {
    if (place(r, q) < count) x[q] = from[place(r, q)];
  }
  return x;
}
__device__ void store_part(float* to, bool whole, int r, int count, const Quad& x) {
  if (whole) return store4(to + place(r, 0), x);
  for (int q = 0; q < 4; ++q) {
    if (place(r, q) < count) to[place(r, q)] = x[q];
  }
}

__global__ void __launch_bounds__(element_threads)
    relu_value_and_mask(std::int64_t n, const float* x, float* y, std::uint32_t* mask) {
  for_groups(n, [=](std::int64_t first, std::int64_t word, int count) {
    const bool whole = count == group && aligned16(x, y);
    Quad v[8];
    for (int r = 0; r < 8; ++r) v[r] = load_part(x + first, whole, r, count);
    unsigned bits = 0;
    for (int r = 0; r < 8; ++r) {
      for (int q = 0; q < 4; ++q) {
        v[r][q] = Relu{}.value(v[r][q]);
        if (Relu{}.slope(v[r][q]) != 0.0f) bits |= 1u << (4 * r + q);
      }
      store_part(y + first, whole, r, count, v[r]);
    }
    mask[word] = bits;
  });
}

template <bool Add>
__global__ void __launch_bounds__(element_threads)
    relu_gradient_from_mask(std::int64_t n, const std::uint32_t* mask, const float* dy, float* dx) {
  for_groups(n, [=](std::int64_t first, std::int64_t word, int count) {
    const bool whole = count == group && aligned16(dy, dx);
    const unsigned bits = mask[word];
    Quad v[8], sum[8] = {};
    for (int r = 0; r < 8; ++r) {
      v[r] = load_part(dy + first, whole, r, count);
      if constexpr (Add) sum[r] = load_part(dx + first, whole, r, count);
    }
    for (int r = 0; r < 8; ++r) {
      for (int q = 0; q < 4; ++q) {
        v[r][q] *= (bits >> (4 * r + q) & 1) != 0 ? 1.0f : 0.0f;
        if constexpr (Add) v[r][q] = sum[r][q] + v[r][q];
      }
      store_part(dx + first, whole, r, count, v[r]);
    }
  });
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

void relu_with_mask(Stream& stream, std::int64_t n, const float* x, float* y, std::uint32_t* mask) {
  const simt::Launch where = over_elements(on_gpu(stream), n, group * element_threads / 32);
  if (n > 0) simt::launch<relu_value_and_mask>(where, n, x, y, mask);
}

void relu_backward_from_mask(Stream& stream, std::int64_t n, const std::uint32_t* mask, const float* dy,
                             Sink<float> dx) {
  if (n == 0 || !dx.wanted()) return;
  const simt::Launch where = over_elements(on_gpu(stream), n, group * element_threads / 32);
  if (dx.mode == SinkMode::add) {
    simt::launch<relu_gradient_from_mask<true>>(where, n, mask, dy, dx.data);
  } else {
    simt::launch<relu_gradient_from_mask<false>>(where, n, mask, dy, dx.data);
  }
}

namespace {

template <class... Ops>
Offer on_floats() {
  return {take_place<&kernels::unary<Ops, float>, &unary<Ops, float>>()...,
          take_place<&kernels::unary_backward<Ops, float>, &unary_backward<Ops>>()...};
}
template <class... Ops>
Offer on_integers() {
  return {take_place<&kernels::unary<Ops, std::int32_t>, &unary<Ops, std::int32_t>>()...};
}

const Offer floats = on_floats<Negate, Abs, Exp, Log, Sqrt, Square, Pow, Relu, Sigmoid, Tanh, Softplus, AddNumber,
                               SubtractFromNumber, MultiplyByNumber, DivideByNumber, DivideNumberBy>();
const Offer integers = on_integers<Negate, Abs, Square, AddNumber, SubtractFromNumber, MultiplyByNumber>();

}  // namespace
}  // namespace wengert::kernels::gpu
