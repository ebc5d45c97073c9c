// Initial weights, as PyTorch draws them.
#pragma once

#include <cmath>
#include <cstdint>

#include "autograd/ops/random.hpp"
#include "autograd/tensor.hpp"

namespace wengert::nn {

/// U(-b, b) with b = sqrt(6 / ((1 + a^2) fan_in)) for leaky slope a (He et al. 2015, "Delving deep into rectifiers").
/// torch.nn.Linear calls it with a = sqrt(5), which makes b = 1 / sqrt(fan_in), for the weight and the bias alike.
inline Tensor kaiming_uniform(const Shape& shape, std::int64_t fan_in, double a = std::sqrt(5.0)) {
  const double bound = fan_in > 0 ? std::sqrt(6 / ((1 + a * a) * static_cast<double>(fan_in))) : 0;
  return rand(shape, -bound, bound);
}

}  // namespace wengert::nn
