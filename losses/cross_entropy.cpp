#include "losses/cross_entropy.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/elementwise/scale.hpp"

namespace wengert::losses {
namespace {

kernels::Rows rows_of(const Tensor& x) { return {x.shape()[0], x.shape()[1]}; }

// The kernels give the loss and its gradient at once; the gradient is undefined where it was not asked for.
struct Forward {
  Tensor loss, gradient;
  Forward(const Tensor& x, bool wants_gradient) : loss(Tensor::empty({}, x.dtype(), x.device())) {
    if (wants_gradient) gradient = Tensor::empty(x.shape(), x.dtype(), x.device());
  }
};

Forward labelled(const Tensor& x, const Tensor& labels, bool wants_gradient) {
  require_operands("cross_entropy", x, labels);
  if (x.shape().rank() != 2 || labels.shape() != Shape{x.shape()[0]}) {
    fail("cross_entropy: takes logits (rows, classes) and labels (rows), got ", x.shape(), " and ", labels.shape());
  }
  if (labels.dtype() != DType::i32) fail("cross_entropy: labels must be int32, got ", labels.dtype());
  Forward result(x, wants_gradient);
  dispatch_floating("cross_entropy", x.dtype(), [&](auto zero) {
    launch<&kernels::cross_entropy<decltype(zero)>>(rows_of(x), x, labels, result.loss, result.gradient);
  });
  return result;
}

Forward soft(const Tensor& x, const Tensor& p, bool wants_gradient) {
  require_operands("soft_cross_entropy", x, p);
  if (x.shape().rank() != 2 || p.shape() != x.shape() || p.dtype() != x.dtype()) {
    fail("soft_cross_entropy: takes logits (rows, classes) and probabilities alike, got ", x.dtype(), " ", x.shape(),
         " and ", p.dtype(), " ", p.shape());
  }
  Forward result(x, wants_gradient);
  dispatch_floating("soft_cross_entropy", x.dtype(), [&](auto zero) {
    launch<&kernels::soft_cross_entropy<decltype(zero)>>(rows_of(x), x, p, result.loss, result.gradient);
  });
  return result;
}

// The logits' gradient is there since the forward pass, but for the factor that comes from further up, usually 1.
template <class Op>
Var record_with_gradient(const Forward& forward, Operand logits, const Tensor& target) {
  auto rule = [gradient = forward.gradient](const Tensor& dloss, const Sinks& sinks) mutable {
    if (!gradient.defined())
      fail("backward of ", Op::name, ": an earlier backward used it up and failed; build the loss anew");
    const GradientSink dx = sinks[0];
    if (!dx.wanted()) return;
    dispatch_floating(Op::name, dloss.dtype(), [&](auto zero) {
      constexpr auto scale = &kernels::scale<decltype(zero)>;
      if (dx.adopt(gradient)) {
        const Tensor in_place = std::move(gradient);
        launch<scale>(in_place.numel(), dloss, in_place, in_place);
      } else {
        launch<scale>(gradient.numel(), dloss, gradient, dx);
      }
    });
  };
  notify(&Observer::saved, forward.gradient);
  return record<Op>(forward.loss, std::move(rule), logits, Operand(target, logits.where.file, logits.where.line));
}

bool will_be_recorded(const Operand& logits) { return detail::any_wants_gradient({&logits, 1}); }

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Tensor& labels) { return labelled(logits, labels, false).loss; }

Var cross_entropy(Operand logits, const Tensor& labels) {
  const Forward forward = labelled(logits.value, labels, will_be_recorded(logits));
  return record_with_gradient<kernels::CrossEntropy>(forward, logits, labels);
}

Tensor soft_cross_entropy(const Tensor& logits, const Tensor& probabilities) {
  return soft(logits, probabilities, false).loss;
}

Var soft_cross_entropy(Operand logits, const Tensor& probabilities) {
  const Forward forward = soft(logits.value, probabilities, will_be_recorded(logits));
  return record_with_gradient<kernels::SoftCrossEntropy>(forward, logits, probabilities);
}

}  // namespace wengert::losses
