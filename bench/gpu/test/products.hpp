// What the tests of matmul and linear share.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "bench/gpu/test/trial.hpp"
#include "kernels/base/parallel.hpp"
#include "kernels/ops/matmul/matmul.hpp"

namespace wengert::gpu_check {

/// n random numbers; small integers, of which products are exact, if asked for.
inline std::vector<float> draw(Random& random, std::int64_t n, bool integers) {
  std::vector<float> x = random.normal(size(n), integers ? 2.0f : 1.0f);
  for (float& value : x) value = integers ? std::round(value) : value;
  return x;
}

/// What float32 may differ from float64, in parts of the greatest element.
inline double closeness(bool integers) { return integers ? 0 : 3e-6; }

/// c += op(a) op(b), in float64.
inline void add_product(kernels::MatmulShape s, const std::vector<float>& a, const std::vector<float>& b,
                        std::vector<double>& c) {
  const std::int64_t a_m = s.transpose_a ? 1 : s.k, a_k = s.transpose_a ? s.m : 1;
  const std::int64_t b_k = s.transpose_b ? 1 : s.n, b_n = s.transpose_b ? s.k : 1;
  kernels::parallel_for(s.m, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t k = 0; k < s.k; ++k) {
        const double factor = static_cast<double>(a[size(i * a_m + k * a_k)]);
        for (std::int64_t j = 0; j < s.n; ++j)
          c[size(i * s.n + j)] += factor * static_cast<double>(b[size(k * b_k + j * b_n)]);
      }
    }
  });
}

}  // namespace wengert::gpu_check
