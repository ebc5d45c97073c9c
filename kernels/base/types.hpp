// A list of types, for code that does the same for each of them.
#pragma once

namespace wengert {

template <class... Ts>
struct Types {};

/// Both lists, one after the other.
template <class... Ts, class... Us>
constexpr Types<Ts..., Us...> operator+(Types<Ts...>, Types<Us...>) {
  return {};
}

/// f(Types<T>()) for each type T of the list, in order.
template <class... Ts, class F>
constexpr void for_each_type(Types<Ts...>, F&& f) {
  (f(Types<Ts>()), ...);
}

}  // namespace wengert
