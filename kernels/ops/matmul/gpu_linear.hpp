// What the GPU offers beyond kernels/ops/matmul/linear.hpp: a layer whose ReLU, and the bits that its backward needs, cost no pass.
#pragma once

#include <cstdint>

#include "kernels/ops/matmul/linear.hpp"

namespace wengert::kernels::gpu {

/// Whether the gradient passes y[row][n] is bit n % 8 of byte n / 8 of the row's: eight neighbours, which one thread or
/// its warp has at hand, make a byte that is nobody else's to write.
constexpr std::int64_t relu_mask_bytes(std::int64_t rows, std::int64_t out) { return rows * ((out + 7) / 8); }

/// y = max(x W^T + b, 0) in one launch; `mask` is written if it is not null.
void linear_relu(Stream&, LinearShape, const float* x, const float* weight, const float* bias, float* y,
                 std::uint8_t* mask = nullptr);

/// From the gradient with respect to y (rows, out) that of x W^T + b. At most 2^32 elements.
void linear_relu_gradient(Stream&, std::int64_t rows, std::int64_t out, const std::uint8_t* mask, const float* dy,
                          Sink<float> dz);

}  // namespace wengert::kernels::gpu
