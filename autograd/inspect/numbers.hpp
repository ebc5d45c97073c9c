// A tensor's numbers, for those who show them.
#pragma once

#include "autograd/tensor.hpp"
#include "kernels/base/number.hpp"

namespace wengert {

/// The Euclidean norm, computed in double; of one number its size. NaN if one is NaN, otherwise infinity if one is
/// infinite. 0 for no numbers. Error: an undefined tensor; inside a capture.
double norm_of(const Tensor& x);

}  // namespace wengert
