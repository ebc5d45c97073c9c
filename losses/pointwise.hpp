// What mse, bce and bce_with_logits share: check, launch, record. Formulas: kernels/ops/pointwise_loss/pointwise_loss.hpp.
#pragma once

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"

namespace wengert::losses::detail {

template <class Loss>
Tensor pointwise(const Tensor& x, const Tensor& target) {
  require_operands(Loss::name, x, target);
  if (x.shape() != target.shape() || x.dtype() != target.dtype()) {
    fail(Loss::name, ": prediction and target must be alike, got ", x.dtype(), " ", x.shape(), " and ", target.dtype(),
         " ", target.shape());
  }
  Tensor loss = Tensor::empty({}, x.dtype(), x.device());
  dispatch_floating(Loss::name, x.dtype(), [&](auto zero) {
    launch<&kernels::pointwise_loss<Loss, decltype(zero)>>(x.numel(), x, target, loss);
  });
  return loss;
}

template <class Loss>
Var pointwise(const Operand& x, const Tensor& target) {
  const Tensor loss = pointwise<Loss>(x.value, target);
  auto rule = [x = Saved(Loss::name, x.value), target = Saved(Loss::name, target)](const Tensor& dloss,
                                                                                   const Sinks& dx) {
    dispatch_floating(Loss::name, dloss.dtype(), [&](auto zero) {
      launch<&kernels::pointwise_loss_backward<Loss, decltype(zero)>>(x.unchecked().numel(), x, target, dloss, dx[0]);
    });
  };
  return record<Loss>(loss, std::move(rule), x, Operand(target, x.where.file, x.where.line));
}

}  // namespace wengert::losses::detail
