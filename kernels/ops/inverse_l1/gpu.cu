// One launch each way, for any number of segments.
#include "kernels/ops/inverse_l1/inverse_l1.hpp"

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/ops/inverse_l1/gpu_backward.hpp"
#include "kernels/ops/inverse_l1/gpu_forward.hpp"

namespace wengert::kernels::gpu {
namespace {

l1::Pairs pairs_of(std::int64_t segments, const std::int32_t* offsets, double eps) {
  if (segments > most_numbers)
    fail("inverse_l1: ", segments, " pairs, but the GPU's kernels take at most ", most_numbers);
  return {static_cast<int>(segments), offsets, static_cast<float>(eps)};
}

}  // namespace

void inverse_l1(Stream& stream, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps,
                const float* a, const float* b, float* s, std::int32_t* signs, float* loss) {
  GpuStream& on = on_gpu(stream);
  const l1::Pairs pairs = pairs_of(segments, offsets, eps);
  const std::int64_t slots = n / tree_block + segments;
  const simt::Launch where{grid_of(ceil_div(slots, l1::warps), 16, on), l1::threads, 0, on.queue};
  // With little to do what counts is how long one warp takes, so that all of a group is loaded at once.
  if (slots <= std::int64_t{on.processors()} * l1::warps) {
    simt::launch<l1::forward<l1::sign_rows>>(where, pairs, a, b, s, signs, loss, on.scratch(slots), on.tickets(1));
  } else {
    simt::launch<l1::forward<4>>(where, pairs, a, b, s, signs, loss, on.scratch(slots), on.tickets(1));
  }
}

void inverse_l1_backward(Stream& stream, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps,
                         const std::int32_t* signs, const float* s, const float* dloss, Range range, Sink<float> db) {
  if (!db.wanted() || n == 0) return;
  const GpuStream& on = on_gpu(stream);
  const l1::Pairs pairs = pairs_of(segments, offsets, eps);
  const std::int64_t slots = n / l1::group + segments;
  const simt::Launch where{grid_of(ceil_div(slots, l1::warps), 32, on), l1::threads, 0, on.queue};
  if (db.mode == SinkMode::add) {
    simt::launch<l1::backward<true>>(where, pairs, signs, s, dloss, range, db.data);
  } else {
    simt::launch<l1::backward<false>>(where, pairs, signs, s, dloss, range, db.data);
  }
}

namespace {

const Offer offered{take_place<&kernels::inverse_l1<float>, &inverse_l1>(),
                    take_place<&kernels::inverse_l1_backward<float>, &inverse_l1_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
