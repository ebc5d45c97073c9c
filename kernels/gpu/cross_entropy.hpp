// What the GPU offers beyond kernels/cross_entropy.hpp: value and gradient in one launch, which reads x once.
//
//   dx       an ignored sink gives the value alone; then dloss is not read. It is not x.
#pragma once

#include <cstdint>

#include "kernels/cross_entropy.hpp"

namespace wengert::kernels::gpu {

void cross_entropy_with_gradient(Stream&, Rows, const float* x, const std::int32_t* labels, const float* dloss,
                                 float* lse, float* loss, Sink<float> dx);

void soft_cross_entropy_with_gradient(Stream&, Rows, const float* x, const float* p, const float* dloss, float* lse,
                                      float* mass, float* loss, Sink<float> dx);

}  // namespace wengert::kernels::gpu
