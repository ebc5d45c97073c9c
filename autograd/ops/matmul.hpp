// Matrix products and the affine layer: kernels/ops/matmul/matmul.hpp, kernels/ops/matmul/linear.hpp. Type in, type out.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

/// (m, k) times (k, n). Errors: other ranks, inner sizes that differ, mixed dtypes, int32.
Tensor matmul(const Tensor& a, const Tensor& b);
Var matmul(Operand a, Operand b);

/// x (rows, in) times weight (out, in) transposed, plus bias (out), as torch.nn.functional.linear.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);
Var linear(Operand x, Operand weight, Operand bias);

}  // namespace wengert
