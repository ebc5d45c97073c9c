// Why a step gives an infinity or a NaN, in words.
#pragma once

#include <optional>
#include <string>

#include "autograd/inspect/watch/remembered.hpp"

namespace wengert {

/// One op with what an Inspect scope notes of it.
struct Performed {
  const char* op;
  Where where;
  const Remembered& notes;
  const Node* node;  ///< null where it was not recorded
};

/// The first element of a tensor that is infinite or NaN.
struct NonFinite {
  std::int64_t at;
  double value;
};
/// Empty where all elements are finite, as integers are.
std::optional<NonFinite> first_non_finite(const Tensor& x);

/// "log (net.cpp:12) gives -inf: log(x) with x[1] = 0: the logarithm of 0. ...", or that it is given one. Empty where
/// its operands and its result are finite.
std::string why_not_finite(const Performed& step);

/// "The gradient of sqrt (net.cpp:12) for x is inf: ...". Empty where the gradients of its inputs are finite. The
/// step's own gradient and its notes must still be there.
std::string why_gradients_not_finite(Node& step);

}  // namespace wengert
