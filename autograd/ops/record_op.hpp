// record for the engine's own ops, each of which can be explained: see kernels/ops/described.hpp.
#pragma once

#include <string_view>
#include <utility>

#include "autograd/record.hpp"
#include "kernels/ops/described.hpp"

namespace wengert {

/// Whether an op of that name has words. An op beside a number has those of its name's op of two operands.
template <class Op>
consteval bool is_described() {
  bool found = false;
  for_each_type(kernels::RecordedOps{}, [&]<class Other>(Types<Other>) {
    if constexpr (requires { Other::words; }) found = found || std::string_view(Other::name) == Op::name;
  });
  return found;
}

/// record, under the op's name.
template <class Op, class Rule, class... Operands>
requires(is_described<Op>()) Var record(const Tensor& y, Rule&& rule, const Operands&... operands) {
  return record(Op::name, y, std::forward<Rule>(rule), operands...);
}
/// record_many, under the op's name.
template <class Op, class Rule>
requires(is_described<Op>()) Var record_many(const Tensor& y, Rule&& rule, std::span<const Operand> operands) {
  return record_many(Op::name, y, std::forward<Rule>(rule), operands);
}

}  // namespace wengert
