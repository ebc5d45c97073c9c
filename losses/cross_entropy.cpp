#include "losses/cross_entropy.hpp"

#include "autograd/launch.hpp"
#include "autograd/record.hpp"
#include "kernels/cross_entropy.hpp"

namespace wengert::losses {
namespace {

kernels::Rows rows_of(const Tensor& x) { return {x.shape()[0], x.shape()[1]}; }

// What the forward pass leaves: the loss, and what backward reads beside the operands.
struct Labelled {
  Tensor loss, lse;
};
Labelled labelled(const Tensor& x, const Tensor& labels) {
  if (x.shape().rank() != 2 || labels.shape() != Shape{x.shape()[0]}) {
    fail("cross_entropy: takes logits (rows, classes) and labels (rows), got ", x.shape(), " and ", labels.shape());
  }
  if (labels.dtype() != DType::i32) fail("cross_entropy: labels must be int32, got ", labels.dtype());
  Labelled result{Tensor::empty({}, x.dtype(), x.device()), Tensor::empty(labels.shape(), x.dtype(), x.device())};
  dispatch_floating("cross_entropy", x.dtype(), [&](auto zero) {
    launch<&kernels::cross_entropy<decltype(zero)>>(rows_of(x), x, labels, result.lse, result.loss);
  });
  return result;
}

struct Soft {
  Tensor loss, lse, mass;
};
Soft soft(const Tensor& x, const Tensor& p) {
  if (x.shape().rank() != 2 || p.shape() != x.shape() || p.dtype() != x.dtype()) {
    fail("soft_cross_entropy: takes logits (rows, classes) and probabilities alike, got ", x.dtype(), " ", x.shape(),
         " and ", p.dtype(), " ", p.shape());
  }
  const auto per_row = [&] { return Tensor::empty({x.shape()[0]}, x.dtype(), x.device()); };
  Soft result{Tensor::empty({}, x.dtype(), x.device()), per_row(), per_row()};
  dispatch_floating("soft_cross_entropy", x.dtype(), [&](auto zero) {
    launch<&kernels::soft_cross_entropy<decltype(zero)>>(rows_of(x), x, p, result.lse, result.mass, result.loss);
  });
  return result;
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Tensor& labels) { return labelled(logits, labels).loss; }

Var cross_entropy(Operand logits, const Tensor& labels) {
  static constexpr const char* op = "cross_entropy";
  const Labelled forward = labelled(logits.value, labels);
  auto rule = [x = Saved(op, logits.value), labels = Saved(op, labels), lse = Saved(op, forward.lse)](
                  const Tensor& dloss, const Sinks& dx) {
    dispatch_floating(op, dloss.dtype(), [&](auto zero) {
      launch<&kernels::cross_entropy_backward<decltype(zero)>>(rows_of(x.unchecked()), x, labels, lse, dloss, dx[0]);
    });
  };
  return record(op, forward.loss, std::move(rule), logits, Operand(labels, logits.where.file, logits.where.line));
}

Tensor soft_cross_entropy(const Tensor& logits, const Tensor& probabilities) {
  return soft(logits, probabilities).loss;
}

Var soft_cross_entropy(Operand logits, const Tensor& probabilities) {
  static constexpr const char* op = "soft_cross_entropy";
  const Soft forward = soft(logits.value, probabilities);
  auto rule = [x = Saved(op, logits.value), p = Saved(op, probabilities), lse = Saved(op, forward.lse),
               mass = Saved(op, forward.mass)](const Tensor& dloss, const Sinks& dx) {
    dispatch_floating(op, dloss.dtype(), [&](auto zero) {
      launch<&kernels::soft_cross_entropy_backward<decltype(zero)>>(rows_of(x.unchecked()), x, p, lse, mass, dloss,
                                                                    dx[0]);
    });
  };
  return record(op, forward.loss, std::move(rule), logits,
                Operand(probabilities, logits.where.file, logits.where.line));
}

}  // namespace wengert::losses
