// Ops that move values without arithmetic. reshape is a view of the same memory; the others copy. Type in, type out.
#pragma once

#include <span>
#include <vector>

#include "autograd/var.hpp"

namespace wengert {

/// The same values under another shape. One size may be -1: what is left over. Errors: another number of elements; another
/// negative size.
Tensor reshape(const Tensor& x, std::initializer_list<std::int64_t> sizes);
Var reshape(Operand x, std::initializer_list<std::int64_t> sizes);

/// Swaps two axes: the last two unless told otherwise.
Tensor transpose(const Tensor& x, int first = -2, int second = -1);
Var transpose(Operand x, int first = -2, int second = -1);

/// x[..., begin:end, ...] along an axis. Error: not 0 <= begin <= end <= size.
Tensor slice(const Tensor& x, int axis, std::int64_t begin, std::int64_t end);
Var slice(Operand x, int axis, std::int64_t begin, std::int64_t end);

/// x[..., index, ...]: the axis goes. Error: not 0 <= index < size.
Tensor select(const Tensor& x, int axis, std::int64_t index);
Var select(Operand x, int axis, std::int64_t index);

/// The parts one after another along an axis. Errors: no parts; shapes that differ elsewhere; mixed dtypes.
Tensor cat(std::span<const Tensor> parts, int axis = 0);
Var cat(std::span<const Var> parts, int axis = 0, const char* file = __builtin_FILE(), int line = __builtin_LINE());
inline Tensor cat(const std::vector<Tensor>& parts, int axis = 0) { return cat(std::span(parts), axis); }
inline Var cat(const std::vector<Var>& parts, int axis = 0, const char* file = __builtin_FILE(),
               int line = __builtin_LINE()) {
  return cat(std::span(parts), axis, file, line);
}
inline Tensor cat(std::initializer_list<Tensor> parts, int axis = 0) {
  return cat(std::span(parts.begin(), parts.size()), axis);
}
inline Var cat(std::initializer_list<Var> parts, int axis = 0, const char* file = __builtin_FILE(),
               int line = __builtin_LINE()) {
  return cat(std::span(parts.begin(), parts.size()), axis, file, line);
}

}  // namespace wengert
