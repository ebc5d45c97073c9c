// One loss against several earlier members: the mean of the losses against each.
#pragma once

#include <optional>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/base/error.hpp"

namespace wengert::losses {

/// (loss(references[0]) + ... + loss(references[K - 1])) / K. A reference is what the loss makes of it: nn::Weights of
/// members, or Tensors of their outputs:
///
///     losses::mean_over(earlier, [&](const nn::Weights& A) { return losses::cosine(A, B); })
///
/// Error: no references.
template <class References, class Loss>
Var mean_over(const References& references, const Loss& loss) {
  std::optional<Var> total;
  double count = 0;
  for (const auto& reference : references) {
    const Var one = loss(reference);
    total = total ? *total + one : one;
    ++count;
  }
  if (!total) fail("mean_over: there is no earlier member; train the first one without this loss");
  return *total / count;
}

}  // namespace wengert::losses
