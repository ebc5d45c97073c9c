#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/long_sum.hpp"
#include "kernels/gpu/put.hpp"

namespace wengert::kernels::gpu {
namespace {

template <class Loss>
__global__ void __launch_bounds__(sum_threads) mean(LongSum sum, const float* x, const float* target, float* loss) {
  sum_by_blocks(
      sum, blockIdx.x, [=](std::int64_t i) { return Loss::value(x[i], target[i]); },
      [=](float total) { *loss = total / static_cast<float>(sum.count); });
}

template <class Loss>
struct Slope {
  std::int64_t n;
  const float *x, *target, *dloss;

  __device__ bool aligned() const { return aligned16(x, target); }
  __device__ float one(std::int64_t i) const { return scale() * Loss::slope(x[i], target[i]); }
  __device__ Quad four(std::int64_t i) const {
    const Quad from = load4(x + i), to = load4(target + i);
    Quad result;
    for (int q = 0; q < 4; ++q) result[q] = scale() * Loss::slope(from[q], to[q]);
    return result;
  }

 private:
  __device__ float scale() const { return *dloss / static_cast<float>(n); }
};

}  // namespace

template <class Loss>
void pointwise_loss(Stream& stream, std::int64_t n, const float* x, const float* target, float* loss) {
  GpuStream& on = on_gpu(stream);
  LongSum sum{n};
  sum.check(Loss::name);
  sum.partial = on.scratch(sum.scratch());
  sum.ticket = on.tickets(1);
  simt::launch<mean<Loss>>({static_cast<unsigned>(sum.blocks()), sum_threads, 0, on.queue}, sum, x, target, loss);
}

template <class Loss>
void pointwise_loss_backward(Stream& stream, std::int64_t n, const float* x, const float* target, const float* dloss,
                             Sink<float> dx) {
  launch_put(on_gpu(stream), n, dx, Slope<Loss>{n, x, target, dloss});
}

namespace {

template <class... Losses>
Offer all() {
  return {take_place<&kernels::pointwise_loss<Losses, float>, &pointwise_loss<Losses>>()...,
          take_place<&kernels::pointwise_loss_backward<Losses, float>, &pointwise_loss_backward<Losses>>()...};
}
const Offer offered = all<SquaredError, BinaryCrossEntropy, BinaryCrossEntropyWithLogits>();

}  // namespace
}  // namespace wengert::kernels::gpu
