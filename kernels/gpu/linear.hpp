// What the GPU offers beyond kernels/linear.hpp.
#pragma once

#include "kernels/linear.hpp"

namespace wengert::kernels::gpu {

/// y = max(x W^T + b, 0) in one launch.
void linear_relu(Stream&, LinearShape, const float* x, const float* weight, const float* bias, float* y);

}  // namespace wengert::kernels::gpu
