// a + b, a - b, a * b, a / b with NumPy broadcasting. Formulas and dtypes: kernels/ops/elementwise/table.hpp. Type in,
// type out.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

// Errors: shapes that do not broadcast, or to more elements than memory can hold; mixed dtypes, division of int32.
Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Tensor& b);
Var operator+(Operand a, Operand b);
Var operator-(Operand a, Operand b);
Var operator*(Operand a, Operand b);
Var operator/(Operand a, Operand b);

// These rebind the Var: `total += loss` makes total a new step of the tape; no memory is overwritten.
inline Var& operator+=(Var& a, Operand b) { return a = Operand(a, b.where.file, b.where.line) + b; }
inline Var& operator-=(Var& a, Operand b) { return a = Operand(a, b.where.file, b.where.line) - b; }
inline Var& operator*=(Var& a, Operand b) { return a = Operand(a, b.where.file, b.where.line) * b; }
inline Var& operator/=(Var& a, Operand b) { return a = Operand(a, b.where.file, b.where.line) / b; }
template <Number T>
Var& operator+=(Var& a, T number) {
  return a = a + number;
}
template <Number T>
Var& operator-=(Var& a, T number) {
  return a = a - number;
}
template <Number T>
Var& operator*=(Var& a, T number) {
  return a = a * number;
}
template <Number T>
Var& operator/=(Var& a, T number) {
  return a = a / number;
}

}  // namespace wengert
