// Random tensors.
#pragma once

#include <cstdint>

#include "autograd/tensor.hpp"

namespace wengert {

/// Random numbers (Philox; see kernels/ops/random/philox.hpp). Each thread has a generator of its own, and seed(n)
/// restarts that of the calling thread. All begin as after seed(0): two threads that should draw different numbers, for
/// the initial weights of an ensemble say, each call seed with a number of their own.
void seed(std::uint64_t n);
Tensor rand(const Shape& shape, double low = 0, double high = 1, DType dtype = DType::f32);
Tensor randn(const Shape& shape, double mean = 0, double stddev = 1, DType dtype = DType::f32);

}  // namespace wengert
