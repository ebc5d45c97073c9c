#include "autograd/inspect/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace wengert {
namespace {

template <class T, class... Format>
std::string to_text(T value, Format... format) {
  if (std::isnan(value)) return "nan";  // its sign says nothing
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, format...);
  return {text.data(), end.ptr};
}

}  // namespace

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

std::string four_digits(double value) { return to_text(value, std::chars_format::general, 4); }
std::string shortest(float value) { return to_text(value); }
std::string shortest(double value) { return to_text(value); }

}  // namespace wengert
