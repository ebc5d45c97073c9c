// The gradient of any function of Vars against finite differences, by random projection.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "autograd/inspect/gradcheck.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::testing {

using Function = std::function<Var(const std::vector<Var>&)>;

/// Empty if backward agrees with finite differences along a random direction of each input, and something was tested:
/// not all slopes are zero. float64, whose rounding leaves about 9 digits of a difference.
inline std::string gradcheck(const Function& f, const std::vector<Tensor>& at, double tolerance = 1e-7) {
  const GradcheckOptions options{.along = GradcheckOptions::Along::directions, .tolerance = tolerance};
  const Gradcheck result = wengert::gradcheck(f, at, options);
  if (!(result.largest > 0)) return "every slope is zero, so that nothing was tested";
  if (result.passed()) return "";
  std::ostringstream text;
  text << result;
  return text.str();
}

}  // namespace wengert::testing
