#include "autograd/inspect/numbers.hpp"

#include <algorithm>
#include <cmath>

namespace wengert {

double norm_of(const Tensor& x) {
  const std::vector<double> values = x.to_vector<double>();
  double largest = 0;
  for (const double value : values) {
    if (std::isnan(value)) return value;
    largest = std::max(largest, std::abs(value));
  }
  if (largest == 0 || std::isinf(largest) || values.size() == 1) return largest;
  double squares = 0;  // of what is at most 1, so that none overflows
  for (const double value : values) squares += (value / largest) * (value / largest);
  return largest * std::sqrt(squares);
}

}  // namespace wengert
