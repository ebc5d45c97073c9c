// Element types, and the step from a run-time DType to a compile-time type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>

#include "kernels/base/error.hpp"

namespace wengert {

enum class DType : std::uint8_t { f32, f64, i32 };

template <class T>
inline constexpr DType dtype_of = T::unsupported_element_type;
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<std::int32_t> = DType::i32;

constexpr std::size_t size_of(DType type) { return type == DType::f64 ? 8 : 4; }
constexpr const char* name_of(DType type) {
  return type == DType::f32 ? "float32" : type == DType::f64 ? "float64" : "int32";
}
std::ostream& operator<<(std::ostream&, DType);

/// Calls f(T{}) with the element type that `type` names.
template <class F>
decltype(auto) dispatch(DType type, F&& f) {
  switch (type) {
    case DType::f32:
      return f(float{});
    case DType::f64:
      return f(double{});
    default:
      return f(std::int32_t{});
  }
}

[[noreturn]] void refuse_int32(const char* op);

/// The same for float32 and float64; an int32 operand is an error that names `op`.
template <class F>
decltype(auto) dispatch_floating(const char* op, DType type, F&& f) {
  switch (type) {
    case DType::f32:
      return f(float{});
    case DType::f64:
      return f(double{});
    default:
      refuse_int32(op);
  }
}

}  // namespace wengert
