#include "kernels/ops/elementwise/scale.hpp"

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/put.hpp"

namespace wengert::kernels::gpu {
namespace {

struct Scaled {
  float by;
  const float* x;
  __device__ bool aligned() const { return aligned16(x); }
  __device__ Quad four(std::int64_t i) const {
    Quad v = load4(x + i);
    for (int q = 0; q < 4; ++q) v[q] = __fmul_rn(v[q], by);
    return v;
  }
  __device__ float one(std::int64_t i) const { return __fmul_rn(x[i], by); }
};

__global__ void __launch_bounds__(element_threads)
    scaled(std::int64_t n, const float* factor, const float* x, Sink<float> y) {
  const float by = *factor;
  if (!already_scaled(by, x, y)) put_elements(n, y, Scaled{by, x});
}

}  // namespace

void scale(Stream& stream, std::int64_t n, const float* factor, const float* x, Sink<float> y) {
  if (n > 0 && y.wanted()) simt::launch<scaled>(over_elements(on_gpu(stream), n), n, factor, x, y);
}

namespace {

const Offer offered{take_place<&kernels::scale<float>, &scale>()};

}  // namespace
}  // namespace wengert::kernels::gpu
