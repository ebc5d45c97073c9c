// The GPU's side of kernels/inverse_l1.hpp: the same formulas, shapes, sign words and bits, for float32.
//
// One launch each way, for any number of segments. The forward pass works through slots of up to 4096 elements, the
// blocks of the sum tree, wherever they are computed; the last block adds the slots' sums in their order.
//
//   errors   more than gpu::most_numbers segments
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/gpu/on.hpp"
#include "kernels/inverse_l1.hpp"

namespace wengert::kernels::gpu {

/// Floats that inverse_l1 needs to leave sums in, for n elements in all.
constexpr std::int64_t inverse_l1_scratch(std::int64_t n, std::int64_t segments) { return n / 4096 + segments; }

/// offsets is in the device's memory; n is offsets[segments]. `ticket` is 0, and is 0 again afterwards.
void inverse_l1(On, int segments, const std::int32_t* offsets, std::int64_t n, double eps, const float* a,
                const float* b, float* s, std::int32_t* signs, float* loss, float* scratch, unsigned* ticket);

void inverse_l1_backward(On, int segments, const std::int32_t* offsets, std::int64_t n, double eps,
                         const std::int32_t* signs, const float* s, const float* dloss, Range, Sink<float> db);

}  // namespace wengert::kernels::gpu
