#include "kernels/ops/elementwise/gpu_relu_mask.hpp"

#include "kernels/gpu/elements.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/elementwise/table.hpp"

namespace wengert::kernels::gpu {
namespace {

// A warp has 1024 elements at a time, a thread eight quads of them and their 32 bits.
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

}  // namespace wengert::kernels::gpu
