// The greatest of a row of numbers; NaN if there is one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace wengert::kernels::cpu {

/// The greater, or the NaN.
template <class T>
T greater(T a, T b) {
  return b > a || b != b ? b : a;  // where a is NaN, b > a is false
}

/// n > 0. Many running maxima side by side, because a single one is a chain that does not vectorise.
template <class T>
T maximum(const T* x, std::int64_t n) {
  constexpr std::int64_t lanes = 32;
  T result = x[0];
  std::int64_t i = 1;
  if (n >= lanes) {
    std::array<T, lanes> best;
    std::copy(x, x + lanes, best.begin());
    for (i = lanes; i + lanes <= n; i += lanes) {
      for (std::int64_t l = 0; l < lanes; ++l) best[l] = greater(best[l], x[i + l]);
    }
    for (std::int64_t step = lanes / 2; step > 0; step /= 2) {
      for (std::int64_t l = 0; l < step; ++l) best[l] = greater(best[l], best[l + step]);
    }
    result = best[0];
  }
  for (; i < n; ++i) result = greater(result, x[i]);
  return result;
}

}  // namespace wengert::kernels::cpu
