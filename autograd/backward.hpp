// backward: gradients of a scalar with respect to everything it was made of.
#pragma once

#include "autograd/var.hpp"

namespace wengert {

struct BackwardOptions {
  bool retain_graph = false;  ///< keep what the rules saved, so that backward can run over this tape again
};

/// Adds d loss / d p to the gradient of every parameter p that the loss reaches. Errors: a loss of more than one
/// element, a loss without history, a tape that a backward has already used up, a saved value that was changed since;
/// another thread's backward that reaches any of the same steps or parameters at the same time. (One after another,
/// threads may share tapes and parameters.)
void backward(const Var& loss, BackwardOptions options = {});

/// The same for a value of any shape, with the gradient that reaches it from outside, of the same shape and dtype.
void backward(const Var& value, const Tensor& upstream, BackwardOptions options = {});
void backward(const Var& value, const Var& upstream, BackwardOptions options = {}) = delete;  // no second derivatives

}  // namespace wengert
