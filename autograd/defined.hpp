// Undefined tensors, default-constructed and never assigned, are refused by name wherever they are used.
#pragma once

#include <cstddef>
#include <initializer_list>

namespace wengert {

/// Throws "op: which is an undefined tensor ...".
[[noreturn]] void refuse_undefined(const char* op, const char* which);
/// The same of the place-th, from 1, of several: "cat: part 2 is ...".
[[noreturn]] void refuse_undefined(const char* op, const char* what, std::size_t place);
/// For a use that no op has checked.
[[noreturn]] void refuse_undefined();

/// Error: this Tensor, Var or Operand is undefined.
template <class X>
void require_defined(const char* op, const char* which, const X& x) {
  if (!x.defined()) [[unlikely]]
    refuse_undefined(op, which);
}

/// Error: one of the op's operands is undefined. It says which.
template <class... Xs>
void require_operands(const char* op, const Xs&... operands) {
  if ((operands.defined() && ...)) [[likely]]
    return;
  std::size_t place = 1;
  for (const bool defined : {operands.defined()...}) {
    if (!defined) refuse_undefined(op, "operand", place);
    ++place;
  }
}

/// The same for a list.
template <class List>
void require_all_defined(const char* op, const char* what, const List& list) {
  std::size_t place = 1;
  for (const auto& x : list) {
    if (!x.defined()) refuse_undefined(op, what, place);
    ++place;
  }
}

}  // namespace wengert
