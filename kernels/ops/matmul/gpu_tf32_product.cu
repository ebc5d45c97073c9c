#include "kernels/ops/matmul/gpu_tf32_product.hpp"

namespace wengert::kernels::gpu {
namespace {

template <bool KMajorA, bool KMajorB, Terms Of>
void launch(GpuStream& on, const Task& task) {
  const auto& [a, b, depth, out] = task;
  const Split split(tf32::tiling<Of>, out.rows, out.cols, depth);
  simt::launch<tf32::product<KMajorA, KMajorB, Of>>(split.launch(on, tf32::shared_bytes<Of>()), a, b, depth,
                                                    by_quads(a), by_quads(b), split.slices_on(on), out);
}

}  // namespace

void tf32_product(GpuStream& on, MatmulShape s, Terms terms, const float* a, const float* b, Sink<float> c,
                  Epilogue epilogue) {
  by_layout(s, [&](auto k_major_a, auto k_major_b) {
    const auto of_terms =
        terms == Terms::one ? launch<k_major_a, k_major_b, Terms::one> : launch<k_major_a, k_major_b, Terms::three>;
    of_terms(on, Task(s, a, b, c, epilogue));
  });
}

}  // namespace wengert::kernels::gpu
