// A tensor's numbers, for those who show them.
#pragma once

#include <string>

#include "autograd/tensor.hpp"

namespace wengert {

/// The Euclidean norm, computed in double; of one number its size. NaN if one is NaN, otherwise infinity if one is
/// infinite. 0 for no numbers. Error: an undefined tensor; inside a capture.
double norm_of(const Tensor& x);

/// Rounded to four digits: 0.1235, 1.235e-05, inf, -inf, nan.
std::string four_digits(double value);

/// The shortest form that reads back to the same float or double; inf, -inf, nan.
std::string shortest(float value);
std::string shortest(double value);

}  // namespace wengert
