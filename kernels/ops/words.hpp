// How an op is explained to people: on the tape's page, and where a value or a gradient is not finite.
//
// Every op that the engine records has a `static constexpr Words words` beside its name, in the contract of its family.
#pragma once

#include <array>

namespace wengert::kernels {

/// The slope of an op by one operand, where it can be infinite or too large: as a formula, and what to do about it.
struct Steep {
  const char *slope = nullptr, *way_out = nullptr;
};

/// Formulas name the operands x₁, x₂, x₃ and the result out: names that no program's own variables have.
struct Words {
  /// What the op computes: "x₁ · x₂".
  const char* forward;
  /// The derivative of out by each operand: "x₂". The last one given is that of all operands after it. Where each number
  /// of out depends on more than one number of the operand, what is sent there, with the upstream gradient u: "uᵀ x₁".
  std::array<const char*, 3> local{};
  /// What stands between the operands in an error's text, " + "; null where that is written as a call: "log(x)".
  const char* infix = nullptr;
  /// By operand; elementwise ops only.
  std::array<Steep, 2> steep{};
};

/// Why an element of a result is not finite although the operands are, and what to do about it; both null where only
/// its size is to blame.
struct Singular {
  const char *cause = nullptr, *way_out = nullptr;
};

}  // namespace wengert::kernels
