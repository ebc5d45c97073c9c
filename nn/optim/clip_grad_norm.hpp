// Gradient clipping by the norm over all parameters.
#pragma once

#include <vector>

#include "autograd/var.hpp"

namespace wengert::optim {

/// Scales the gradients that are present by min(1, max_norm / (norm + 1e-6)), norm = sqrt(sum of all g^2), as
/// torch.nn.utils.clip_grad_norm_. Frozen parameters neither count nor are scaled. Returns the norm before, a scalar. With
/// an infinite max_norm that is all: no gradient is written. Errors: max_norm negative or NaN; parameters of mixed dtypes;
/// something that is no parameter.
Tensor clip_grad_norm(const std::vector<Var>& parameters, double max_norm);

}  // namespace wengert::optim
