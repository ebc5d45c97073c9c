// Kernels that both compilers read, each run and compared with plain C++. They run in the simulator, under every
// schedule and under the checker, and with nvcc on a device.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace simt_checks {

/// Each returns nothing, or what is wrong.
std::string tiled_matmul();
std::string block_sums();
std::string last_block_sum();
std::string row_softmax();
std::string tf32_matmul();
std::string bf16_matmul();
std::string histogram();
std::string scan();
std::string reversal();

struct Check {
  const char* name;
  std::string (*run)();
};
inline constexpr Check checks[] = {
    {"tiled matmul", tiled_matmul},
    {"block sums by shuffles", block_sums},
    {"sum by the last block", last_block_sum},
    {"softmax of rows", row_softmax},
    {"tf32 mma matmul with a cp.async double buffer", tf32_matmul},
    {"bf16 mma matmul with ldmatrix", bf16_matmul},
    {"histogram with atomics", histogram},
    {"scan", scan},
    {"reversal in static and dynamic shared memory", reversal},
};

/// Multiples of 1/8 within [-4, 4): sums of a few thousand of them, or of their products, are exact in any order, and
/// tf32 and bfloat16 hold each of them.
inline std::vector<float> eighths(std::size_t n, std::uint32_t seed) {
  std::vector<float> values(n);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(static_cast<int>(seed >> 26) - 32) / 8;
  }
  return values;
}

/// Equal to the bit, or within `tolerance` of each other.
template <class T>
std::string difference(const std::vector<T>& got, const std::vector<T>& expected, double tolerance = 0) {
  if (got.size() != expected.size()) return "there are " + std::to_string(got.size()) + " elements";
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double error = std::abs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
    if (!(error <= tolerance)) {
      return "element " + std::to_string(i) + " is " + std::to_string(got[i]) + ", not " + std::to_string(expected[i]);
    }
  }
  return {};
}

/// C = A B, row by row, of an m x k and a k x n matrix.
inline std::vector<float> product(const std::vector<float>& a, const std::vector<float>& b, int m, int n, int k) {
  std::vector<float> c;
  for (int row = 0; row < m; ++row) {
    for (int column = 0; column < n; ++column) {
      float sum = 0;
      for (int i = 0; i < k; ++i) sum = std::fma(a[row * k + i], b[i * n + column], sum);
      c.push_back(sum);
    }
  }
  return c;
}

}  // namespace simt_checks
