// How numbers change their type, and how they are written.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

namespace wengert {

template <class T>
concept Number = std::is_arithmetic_v<T>;

/// The shortest form that reads back to the same float or double; inf, -inf, and nan whatever its sign.
std::string shortest(float value);
std::string shortest(double value);
/// Rounded to four digits: 0.1235, 1.235e-05, inf, -inf, nan.
std::string four_digits(double value);

/// Whether an integer type has exactly this value. None has NaN, infinity or a fraction.
template <std::integral To, Number From>
bool fits(From value) {
  if constexpr (std::is_floating_point_v<From>) {
    using Limits = std::numeric_limits<To>;
    const From end = std::ldexp(From(1), Limits::digits);  // the greatest plus 1, which From has exactly
    return value >= static_cast<From>(Limits::min()) && value < end && std::trunc(value) == value;
  } else {
    const To cast = static_cast<To>(value);
    return static_cast<From>(cast) == value && (cast > To{}) == (value > From{});  // or a sign is lost both ways
  }
}

namespace detail {
[[noreturn]] void refuse_integer(const char* what, const std::string& value, const char* kind, std::size_t bytes);
}  // namespace detail

/// The one rule by which numbers change their type, for all that takes them from the program or gives them to it: a
/// number becomes an integer as itself or not at all, which is an Error that begins with `what`; a floating-point type
/// rounds it. (Tensor::to(DType::i32) alone cuts and saturates.)
template <Number To, Number From>
To number_as(const char* what, From value) {
  if constexpr (std::is_integral_v<To> && !std::is_same_v<To, bool> && !std::is_same_v<To, From>) {
    if (!fits<To>(value)) [[unlikely]] {
      constexpr const char* kind = std::is_signed_v<To> ? "int" : "uint";
      if constexpr (std::is_floating_point_v<From>) {
        using Shown = std::conditional_t<std::is_same_v<From, float>, float, double>;
        detail::refuse_integer(what, shortest(static_cast<Shown>(value)), kind, sizeof(To));
      } else {
        detail::refuse_integer(what, std::to_string(value), kind, sizeof(To));
      }
    }
  }
  return static_cast<To>(value);
}

}  // namespace wengert
