// What the GPU offers beyond the contract (elementwise.hpp): a ReLU that saves one bit per element in place of its
// result.
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {

/// Whether the gradient passes element 1024 g + 128 r + 4 t + q (r < 8, t < 32, q < 4) is bit 4 r + q of word 32 g + t.
constexpr std::int64_t relu_mask_words(std::int64_t n) { return ceil_div(n, 1024) * 32; }
void relu_with_mask(Stream&, std::int64_t n, const float* x, float* y, std::uint32_t* mask);
void relu_backward_from_mask(Stream&, std::int64_t n, const std::uint32_t* mask, const float* dy, Sink<float> dx);

}  // namespace wengert::kernels::gpu
