// When two arrays count as equal.
#pragma once

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

namespace wengert::testing {

inline double largest_of(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

/// Empty if all of `got` is finite and |got - reference| <= tolerance * max|reference|; otherwise what is wrong. There
/// is no absolute tolerance: the gradient of 1 / S is of size 1 / S^2, and 1e-5 would pass one that is missing
/// altogether. For the same reason the reference must not be all zero.
inline std::string difference(const std::vector<double>& got, const std::vector<double>& reference, double tolerance) {
  std::ostringstream text;
  text.precision(9);
  if (got.size() != reference.size()) {
    text << got.size() << " elements in place of " << reference.size();
    return text.str();
  }
  const double largest = largest_of(reference);
  if (!got.empty() && !(largest > 0 && std::isfinite(largest))) return "the reference is all zero or not finite";
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!std::isfinite(got[i]) || !(std::abs(got[i] - reference[i]) <= tolerance * largest)) {
      text << "element " << i << " of " << got.size() << " is " << got[i] << " in place of " << reference[i]
           << "; off by " << std::abs(got[i] - reference[i]) / largest << " of the largest, " << tolerance
           << " allowed";
      return text.str();
    }
  }
  return {};
}

/// The same, but sums over nothing are 0, to the bit.
inline std::string mismatch(const std::vector<double>& got, const std::vector<double>& reference, double tolerance) {
  return largest_of(reference) == 0 && got == reference ? std::string() : difference(got, reference, tolerance);
}

}  // namespace wengert::testing
