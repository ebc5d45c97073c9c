#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/gpu/unary.hpp"

namespace wengert::kernels::gpu {
namespace {

// Each block has 4096 elements, and each of its threads loads four quads of each array before it uses any.
constexpr int threads = 256, together = 4, per_block = threads * together * 4;

// f(i, quad) for the block's quads, f(i) for single elements where quads would not fit or not be aligned.
template <class Quads, class Single>
__device__ void for_elements(std::int64_t n, bool aligned, const Quads& quads, const Single& single) {
  const std::int64_t begin = std::int64_t{blockIdx.x} * per_block;
  const int thread = static_cast<int>(threadIdx.x);
  if (aligned && begin + per_block <= n) return quads(begin + thread * 4);
#pragma unroll 4
  for (int i = thread; i < per_block; i += threads) {
    if (begin + i < n) single(begin + i);
  }
}

template <class Op>
__global__ void __launch_bounds__(threads) value(Op op, std::int64_t n, const float* x, float* y) {
  const auto quads = [=](std::int64_t i) {
    Quad v[together];
    for (int r = 0; r < together; ++r) v[r] = load4(x + i + r * threads * 4);
    for (int r = 0; r < together; ++r) {
      for (int q = 0; q < 4; ++q) v[r][q] = op.value(v[r][q]);
      store4(y + i + r * threads * 4, v[r]);
    }
  };
  for_elements(n, aligned16(x, y), quads, [=](std::int64_t i) { y[i] = op.value(x[i]); });
}

template <class Op, bool Add>
__global__ void __launch_bounds__(threads)
    gradient(Op op, std::int64_t n, const float* saved, const float* dy, float* dx) {
  constexpr bool reads = Op::saves != Saves::nothing;
  const auto quads = [=](std::int64_t i) {
    Quad from[together] = {}, upstream[together], sum[together] = {};
    for (int r = 0; r < together; ++r) {
      const std::int64_t at = i + r * threads * 4;
      if constexpr (reads) from[r] = load4(saved + at);
      upstream[r] = load4(dy + at);
      if constexpr (Add) sum[r] = load4(dx + at);
    }
    for (int r = 0; r < together; ++r) {
      for (int q = 0; q < 4; ++q) {
        const float value = upstream[r][q] * op.slope(from[r][q]);
        sum[r][q] = Add ? sum[r][q] + value : value;
      }
      store4(dx + i + r * threads * 4, sum[r]);
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
  const std::int64_t first = (std::int64_t{blockIdx.x} * (threads / 32) + warp_of_block()) * group;
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

__global__ void __launch_bounds__(threads)
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
__global__ void __launch_bounds__(threads)
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

simt::Launch elements(const On& on, std::int64_t n, int of_block) {
  return {static_cast<unsigned>(ceil_div(n, of_block)), threads, 0, on.stream};
}

}  // namespace

template <class Op>
void unary(On on, Op op, std::int64_t n, const float* x, float* y) {
  if (n > 0) simt::launch<value<Op>>(elements(on, n, per_block), op, n, x, y);
}

template <class Op>
void unary_backward(On on, Op op, std::int64_t n, const float* saved, const float* dy, Sink<float> dx) {
  if (n == 0 || !dx.wanted()) return;
  const simt::Launch where = elements(on, n, per_block);
  if (dx.mode == SinkMode::add) {
    simt::launch<gradient<Op, true>>(where, op, n, saved, dy, dx.data);
  } else {
    simt::launch<gradient<Op, false>>(where, op, n, saved, dy, dx.data);
  }
}

void relu_with_mask(On on, std::int64_t n, const float* x, float* y, std::uint32_t* mask) {
  if (n > 0) simt::launch<relu_value_and_mask>(elements(on, n, group * threads / 32), n, x, y, mask);
}

void relu_backward_from_mask(On on, std::int64_t n, const std::uint32_t* mask, const float* dy, Sink<float> dx) {
  if (n == 0 || !dx.wanted()) return;
  const simt::Launch where = elements(on, n, group * threads / 32);
  if (dx.mode == SinkMode::add) {
    simt::launch<relu_gradient_from_mask<true>>(where, n, mask, dy, dx.data);
  } else {
    simt::launch<relu_gradient_from_mask<false>>(where, n, mask, dy, dx.data);
  }
}

template void unary<Relu>(On, Relu, std::int64_t, const float*, float*);
template void unary<Sigmoid>(On, Sigmoid, std::int64_t, const float*, float*);
template void unary<Tanh>(On, Tanh, std::int64_t, const float*, float*);
template void unary_backward<Relu>(On, Relu, std::int64_t, const float*, const float*, Sink<float>);
template void unary_backward<Sigmoid>(On, Sigmoid, std::int64_t, const float*, const float*, Sink<float>);
template void unary_backward<Tanh>(On, Tanh, std::int64_t, const float*, const float*, Sink<float>);

}  // namespace wengert::kernels::gpu
