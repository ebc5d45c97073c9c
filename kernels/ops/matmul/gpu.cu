#include "kernels/ops/matmul/matmul.hpp"

#include <algorithm>

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/blas.hpp"
#include "kernels/ops/matmul/gpu_big_product.hpp"
#include "kernels/ops/matmul/gpu_small_product.hpp"

namespace wengert::kernels::gpu {
namespace {

bool is_small(const MatmulShape& s) { return big::tiling.tiles(s.m, s.n) < 64 && s.k <= 16 * small::most_depth; }

template <bool KMajorA, bool KMajorB>
void launch_small(GpuStream& on, const Task& task) {
  const auto& [a, b, depth, out] = task;
  const Split split(small::tiling, out.rows, out.cols, depth);
  simt::launch<small::product<KMajorA, KMajorB>>(split.launch(on, small::shared_bytes), a, b, depth,
                                                 KMajorA && by_quads(a), KMajorB && by_quads(b), split.slices_on(on),
                                                 out);
}

template <bool KMajorA, bool KMajorB>
void launch_big(GpuStream& on, const Task& task) {
  const auto& [a, b, depth, out] = task;
  const Split split(big::tiling, out.rows, out.cols, depth);
  const auto is_whole = [](int n, int step) { return n > 0 && n % step == 0; };
  if (is_whole(depth, big::deep) && is_whole(out.rows, big::tile) && is_whole(out.cols, big::tile) && by_quads(a) &&
      by_quads(b)) {
    simt::launch<big::product<KMajorA, KMajorB, true>>(split.launch(on, 0), a, b, depth, split.slices_on(on), out);
  } else {
    simt::launch<big::product<KMajorA, KMajorB, false>>(split.launch(on, 0), a, b, depth, split.slices_on(on), out);
  }
}

constexpr int finish_threads = 256;

// The epilogue for products that were made without one.
__global__ void __launch_bounds__(finish_threads) finish(Output out) {
  const std::int64_t i = std::int64_t{blockIdx.x} * finish_threads + threadIdx.x;
  const std::int64_t eights = (out.cols + 7) / 8, m = i / eights;
  const int n = static_cast<int>(i % eights * 8);
  if (m >= out.rows) return;
  float value[8];
  for (int q = 0; q < 8; ++q) value[q] = n + q < out.cols ? out.c[m * out.cols + n + q] : 0.0f;
  out.put8(static_cast<int>(m), n, value);
}

void blas_product(GpuStream& on, const MatmulShape& s, const float* a, const float* b, const Sink<float>& c,
                  const Epilogue& epilogue) {
  on.blas().product(s, a, b, c);
  if (epilogue.bias == nullptr && !epilogue.relu) return;
  const std::int64_t eights = s.m * ceil_div(s.n, 8);
  simt::launch<finish>({static_cast<unsigned>(ceil_div(eights, finish_threads)), finish_threads, 0, on.queue},
                       Task(s, a, b, {c.data, SinkMode::write}, epilogue).out);
}

}  // namespace

bool is_for_tensor_cores(const MatmulShape& s) { return s.k > 0 && !is_small(s); }

void product(GpuStream& on, MatmulShape s, const float* a, const float* b, Sink<float> c, Epilogue epilogue) {
  if (!c.wanted() || s.m == 0 || s.n == 0) return;
  if (std::max({s.m, s.k, s.n}) > most_along_axis)
    fail("matmul: ", s.m, " x ", s.k, " by ", s.k, " x ", s.n, ", but the GPU's kernels take at most ", most_along_axis,
         " along an axis");
  const Products by = on.products();
  if (by == Products::cublas) return blas_product(on, s, a, b, c, epilogue);
  if (by != Products::own && is_for_tensor_cores(s))
    return tf32_product(on, s, by == Products::tf32 ? Terms::one : Terms::three, a, b, c, epilogue);
  by_layout(s, [&](auto k_major_a, auto k_major_b) {
    const auto launch = is_small(s) ? launch_small<k_major_a, k_major_b> : launch_big<k_major_a, k_major_b>;
    launch(on, Task(s, a, b, c, epilogue));
  });
}

void matmul(Stream& stream, MatmulShape s, const float* a, const float* b, Sink<float> c) {
  product(on_gpu(stream), s, a, b, c);
}

namespace {

const Offer offered{take_place<&kernels::matmul<float>, &matmul>()};

}  // namespace
}  // namespace wengert::kernels::gpu
