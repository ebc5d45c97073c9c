// The cosine of two tensors of alike shape, as vectors of all their elements: what cosine, correlation and hidden_cka
// are made of.
//
//   |x| = sqrt(sum x^2 + eps)      c = a . b / (|a| |b|)      db = dc (a / (|a| |b|) - c b / |b|^2)
//
// Where a and b are parallel, c is 1 or -1 and db = 0. Where one is zero, c and db are NaN (0 / 0) without an eps; with
// one c is 0 and, at b = 0, db = dc a / (|a| sqrt eps).
#pragma once

#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/var.hpp"

namespace wengert::losses::detail {

/// dot / (|a| |b|), from the squared lengths.
inline Var normalised(const Var& dot, const Tensor& aa, const Var& bb, double eps) {
  return dot / (sqrt(aa + eps) * sqrt(bb + eps));
}

inline Var cosine_of(const Tensor& a, const Operand& b, double eps) {
  return normalised(sum(b * a), sum(square(a)), sum(square(b)), eps);
}

}  // namespace wengert::losses::detail
