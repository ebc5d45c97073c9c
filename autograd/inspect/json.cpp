#include "autograd/inspect/json.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace wengert {

std::string json_string(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (const auto code = static_cast<unsigned char>(c); code < 0x20) {
      result += "\\u00";
      result += digits[code / 16];
      result += digits[code % 16];
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string json_number(std::optional<double> number) {
  if (!number) return "null";
  if (std::isnan(*number)) return "\"nan\"";
  if (std::isinf(*number)) return *number > 0 ? "\"inf\"" : "\"-inf\"";
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr};
}

}  // namespace wengert
