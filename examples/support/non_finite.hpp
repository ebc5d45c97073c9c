// Which step of a computation first gave an infinity or a NaN.
#pragma once

#include <string>

#include "autograd/var.hpp"

namespace wengert::examples {

/// "log (net.cpp:12) gives -inf", for the first recorded step whose result is not finite; empty where all are. The loss
/// must have been computed inside an Inspect scope, which is what keeps the steps' results.
std::string first_non_finite(const Var& loss);

}  // namespace wengert::examples
