// Elementwise ops of one operand. Formulas, kinks and dtypes: kernels/ops/elementwise/table.hpp. Type in, type out.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

Tensor operator-(const Tensor& x);
Var operator-(Operand x);

Tensor abs(const Tensor& x);  ///< |x|, slope 0 at 0
Var abs(Operand x);
Tensor exp(const Tensor& x);
Var exp(Operand x);
Tensor log(const Tensor& x);
Var log(Operand x);
Tensor sqrt(const Tensor& x);
Var sqrt(Operand x);
Tensor square(const Tensor& x);
Var square(Operand x);
Tensor pow(const Tensor& x, double exponent);
Var pow(Operand x, double exponent);
Tensor relu(const Tensor& x);  ///< max(x, 0), slope 0 at 0
Var relu(Operand x);
Tensor sigmoid(const Tensor& x);  ///< 1 / (1 + e^-x)
Var sigmoid(Operand x);
Tensor tanh(const Tensor& x);
Var tanh(Operand x);
Tensor softplus(const Tensor& x);  ///< log(1 + e^x)
Var softplus(Operand x);

// Beside a number, which takes the tensor's dtype. Errors: beside int32 a number that is none
// (number_as); division of int32.
Tensor operator+(const Tensor& x, double number);
Tensor operator+(double number, const Tensor& x);
Tensor operator-(const Tensor& x, double number);
Tensor operator-(double number, const Tensor& x);
Tensor operator*(const Tensor& x, double number);
Tensor operator*(double number, const Tensor& x);
Tensor operator/(const Tensor& x, double number);
Tensor operator/(double number, const Tensor& x);
Var operator+(Operand x, double number);
Var operator+(double number, Operand x);
Var operator-(Operand x, double number);
Var operator-(double number, Operand x);
Var operator*(Operand x, double number);
Var operator*(double number, Operand x);
Var operator/(Operand x, double number);
Var operator/(double number, Operand x);

}  // namespace wengert
