// gradients: what backward would leave at the parameters, without leaving it there.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "autograd/var.hpp"

namespace wengert {

/// d loss / d p for each parameter p: copies, empty where the loss does not reach p, and all empty for a loss without
/// history. grad() of every parameter, and of every step that keeps one, is afterwards what it was before, and
/// the tape can still be used by backward. Errors: those of backward; inside a capture.
std::vector<std::optional<Tensor>> gradients(const Var& loss, std::span<const Var> parameters);

}  // namespace wengert
