// The GPU's side of kernels/optimizer.hpp: the same formulas and the same bits, for float32, one launch over the range.
#pragma once

#include <cstdint>

#include "kernels/gpu/on.hpp"
#include "kernels/optimizer.hpp"

namespace wengert::kernels::gpu {

void sgd(On, SgdRule, std::int64_t n, const double* lr, const std::int32_t* stop, const float* g, float* v, float* p);
void adam(On, AdamRule, std::int64_t n, const double* lr, const std::int32_t* stop, const std::int32_t* t,
          const float* g, float* m, float* v, float* p);
void count_step(On, std::int64_t n, const std::int32_t* stop, std::int32_t* t);

/// scratch: ceil(n / 4096) floats; *ticket is 0, and is 0 again afterwards.
void sum_squares(On, std::int64_t n, const float* x, float* sum, float* scratch, unsigned* ticket);

}  // namespace wengert::kernels::gpu
