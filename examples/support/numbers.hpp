// Numbers as people type them.
#pragma once

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace wengert::examples {

/// The number that the whole text spells in base 10: "010" is ten, and "0x10", "1_000", " 1" and "" are no numbers. No
/// value either where T cannot hold it. A floating-point T also reads "inf" and "nan".
template <class T>
std::optional<T> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars knows no plus
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The same number, but for NaN's sign, which means nothing and is another one on other machines.
template <class T>
T unsigned_nan(T value) {
  return std::isnan(value) ? std::numeric_limits<T>::quiet_NaN() : value;
}

}  // namespace wengert::examples
