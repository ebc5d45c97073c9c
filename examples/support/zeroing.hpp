// What becomes of gradients that are never zeroed, tried out.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "autograd/inspect/show/zeroing_bars.hpp"
#include "autograd/var.hpp"

namespace wengert::examples {

/// Trains the parameters by `steps` steps of SGD from where they are, twice: with gradients zeroed before each step, and
/// never. Gives the gradient's norm over all parameters, as each step used it. Afterwards the parameters are where they
/// were, without gradients.
ZeroingSteps zeroing_of(const std::vector<Var>& parameters, const std::function<Var()>& loss, double lr,
                        std::int64_t steps);

}  // namespace wengert::examples
