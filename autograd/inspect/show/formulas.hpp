// Ops and their derivatives as formulas, for people; what computes is in kernels/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wengert {

/// What an op computes: "x₁ · x₂", with the operands x₁, x₂, x₃ in their order; empty for an op that is not known here.
std::string forward_formula(std::string_view op);

/// The derivative of the op's result, out, by its operand of that index: "x₂". Empty for an op that is not known here.
/// Where each number of out depends on more than one number of the operand, what is sent there, with the upstream
/// gradient u: "uᵀ x₁".
std::string local_formula(std::string_view op, std::size_t operand);

/// Whether each number of the result depends on the operands' numbers at its own place alone, so that what is sent to
/// one of the same shape is upstream times local derivative, number by number.
bool is_elementwise(std::string_view op);

}  // namespace wengert
