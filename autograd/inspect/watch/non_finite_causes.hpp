// The elementwise ops' singular points: where each gives, or sends back, what is not finite.
#pragma once

#include <string_view>

namespace wengert {

/// One element of an op: its operands, as doubles (b is NaN where there is but one), and its result.
struct Element {
  double a, b, y;
};

/// Why a result is not finite although the operands are.
struct Cause {
  std::string_view op;
  bool (*applies)(const Element&);
  const char *words, *way_out;
};

/// The factor by which an op multiplies the gradient that it passes to one of its operands.
struct Slope {
  std::string_view op;
  unsigned operand;
  double (*value)(const Element&);
  const char *formula, *way_out;
};

/// Null where no cause is known by name, and size alone is left.
const Cause* cause_of(std::string_view op, const Element&);
const Slope* slope_of(std::string_view op, std::size_t operand);

}  // namespace wengert
