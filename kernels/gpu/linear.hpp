// The GPU's side of kernels/linear.hpp, for float32, with ReLU in the epilogue if wanted.
//
//   determinism  a product's terms are added in an order that the shape alone decides: in order of k within a slice of it,
//                then slice by slice. Agrees with the CPU's to rounding.
//   errors       more than 2^31 - 1 elements in one operand
#pragma once

#include <cstdint>

#include "kernels/gpu/on.hpp"
#include "kernels/linear.hpp"

namespace wengert::kernels::gpu {

enum class Activation : std::uint8_t { none, relu };

/// Floats and tickets (zeros, and zeros again afterwards) that either pass needs to add up slices of a product.
std::int64_t linear_scratch(LinearShape);
std::int64_t linear_tickets(LinearShape);

/// y = activation(x W^T + b); bias may be null.
void linear(On, LinearShape, Activation, const float* x, const float* weight, const float* bias, float* y,
            float* scratch, unsigned* tickets);
/// dx = dy W and dW = dy^T x.
void linear_backward(On, LinearShape, const float* x, const float* weight, const float* dy, Sink<float> dx,
                     Sink<float> dweight, float* scratch, unsigned* tickets);

}  // namespace wengert::kernels::gpu
