#include "autograd/inspect/show/json.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autograd/inspect/numbers.hpp"

namespace wengert {
namespace {

// How many bytes the UTF-8 character at the text's begin has (RFC 3629, section 4); 0 if there is none.
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0U) != 0x80) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second >= 0xA0, beyond = first == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

std::string code(unsigned char c) {
  constexpr const char* digits = "0123456789abcdef";
  return std::string("\\u00") + digits[c >> 4] + digits[c & 15];
}

template <class T>
std::string number(T value) {
  return std::isfinite(value) ? shortest(value) : '"' + shortest(value) + '"';
}

template <class T>
std::string list_of(const std::vector<T>& values) {
  std::string list;
  for (const T value : values) list.append(list.empty() ? "[" : ", ").append(number(value));
  return list.empty() ? "[]" : list + "]";
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string result;
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t length = character(text.substr(k));
    result += length == 0 ? "\xEF\xBF\xBD" : text.substr(k, length);
    k += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result.append("\\").append(1, c);
    } else if (byte < 0x20 || c == '<') {
      result += code(byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string json_number(double value) { return number(value); }

std::string json_numbers(const Tensor& x) {
  return x.dtype() == DType::f64 ? list_of(x.to_vector<double>()) : list_of(x.to_vector<float>());
}

}  // namespace wengert
