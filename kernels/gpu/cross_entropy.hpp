// The GPU's side of kernels/cross_entropy.hpp, for float32: value and gradient in one launch.
//
// The sums follow the same tree; e^x is the device's own, so the results agree with the CPU's to a few ulp.
//
//   shapes   lse, row_loss (rows); mass (rows) with probabilities; scratch: cross_entropy_scratch(rows)
//   tickets  cross_entropy_tickets(rows) zeros, and zeros again afterwards
//   errors   *bad_row becomes the first row with a label outside [0, cols), if it was greater; loss and gradient of that
//            row are NaN.  More than most_columns columns, or gpu::most_numbers rows of more than 1024 columns.
//   dx       an ignored sink gives the value alone; then dloss is not read. It is not x.
#pragma once

#include <cstdint>

#include "kernels/cross_entropy.hpp"
#include "kernels/gpu/on.hpp"

namespace wengert::kernels::gpu {

inline constexpr std::int64_t most_columns = std::int64_t{1} << 22;

constexpr std::int64_t cross_entropy_scratch(std::int64_t rows) { return rows + ceil_div(rows, 4096); }
constexpr std::int64_t cross_entropy_tickets(std::int64_t rows) { return ceil_div(rows, 4096) + 1; }

void cross_entropy(On, Rows, const float* x, const std::int32_t* labels, const float* dloss, float* lse, float* loss,
                   Sink<float> dx, std::int32_t* bad_row, float* scratch, unsigned* tickets);

void soft_cross_entropy(On, Rows, const float* x, const float* p, const float* dloss, float* lse, float* mass,
                        float* loss, Sink<float> dx, float* scratch, unsigned* tickets);

}  // namespace wengert::kernels::gpu
