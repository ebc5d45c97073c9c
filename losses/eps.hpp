// What losses add to a denominator.
#pragma once

#include <cmath>

#include "kernels/base/error.hpp"

namespace wengert::losses::detail {

/// Error: eps is negative or no finite number.
inline void require_eps(const char* loss, double eps) {
  if (!(eps >= 0) || std::isinf(eps)) fail(loss, ": eps must be a number >= 0, got ", eps);
}

}  // namespace wengert::losses::detail
