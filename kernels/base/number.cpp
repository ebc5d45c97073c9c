#include "kernels/base/number.hpp"

#include <array>
#include <charconv>

#include "kernels/base/error.hpp"

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

std::string shortest(float value) { return to_text(value); }
std::string shortest(double value) { return to_text(value); }
std::string four_digits(double value) { return to_text(value, std::chars_format::general, 4); }

void detail::refuse_integer(const char* what, const std::string& value, const char* kind, std::size_t bytes) {
  fail(what, ": ", value, " is no ", kind, 8 * bytes,
       ": only a whole number within its range is. Use a floating-point type (of tensors, DType::f32)");
}

}  // namespace wengert
