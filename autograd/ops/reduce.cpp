#include "autograd/ops/reduce.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/broadcast.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/reduce/reduce.hpp"

namespace wengert {
namespace {

// What a reduction makes of a shape: `kept` has size 1 where the axes went and serves the kernels, `result` is the
// user's.
struct Plan {
  Shape kept, result;
  kernels::Reduction reduction;
};

Plan over_all(const char* op, const Tensor& operand) {
  require_operands(op, operand);
  const Shape& x = operand.shape();
  Shape kept = x;
  for (int axis = 0; axis < x.rank(); ++axis) kept = kept.with(axis, 1);
  return {kept, {}, reduction_to(x, kept)};
}

Plan over_axis(const char* op, const Tensor& operand, int axis, bool keepdim) {
  require_operands(op, operand);
  const Shape& x = operand.shape();
  axis = x.axis(op, axis);
  const Shape kept = x.with(axis, 1);
  return {kept, keepdim ? kept : x.without(axis), reduction_to(x, kept)};
}

// An axis of size 0 is merged like any other, so a sum over nothing is 0 and a mean of nothing 0 / 0.
double count(const Plan& plan) { return static_cast<double>(plan.reduction.count(true)); }

Tensor sum_over(const Plan& plan, const Tensor& x, double divisor) {
  Tensor y = Tensor::empty(plan.result, x.dtype(), x.device());
  dispatch(x.dtype(), [&](auto zero) { launch<&kernels::sum_over<decltype(zero)>>(plan.reduction, x, divisor, y); });
  return y;
}

template <class Op>
Var sum_over(const Plan& plan, const Operand& x, double divisor) {
  const auto rule = [reduction = plan.reduction, divisor](const Tensor& dy, const Sinks& dx) {
    dispatch_floating("sum", dy.dtype(),
                      [&](auto zero) { launch<&kernels::expand<decltype(zero)>>(reduction, dy, divisor, dx[0]); });
  };
  return record<Op>(sum_over(plan, x.value, divisor), rule, x);
}

void require_floating(const char* op, const Tensor& x) {
  dispatch_floating(op, x.dtype(), [](auto) {});
}

void require_some(const char* op, const Plan& plan, const Tensor& x) {
  if (plan.reduction.count(true) == 0) fail(op, ": of nothing is undefined; the shape is ", x.shape());
}

Tensor max_over(const Plan& plan, const Tensor& x) {
  require_some("max", plan, x);
  Tensor y = Tensor::empty(plan.result, x.dtype(), x.device());
  dispatch(x.dtype(), [&](auto zero) { launch<&kernels::max_over<decltype(zero)>>(plan.reduction, x, y); });
  return y;
}

Var max_over(const Plan& plan, const Operand& x) {
  const Tensor y = max_over(plan, x.value);
  const auto rule = [reduction = plan.reduction, x = Saved("max", x.value), y = Saved("max", y)](const Tensor& dy,
                                                                                                 const Sinks& dx) {
    dispatch_floating("max", dy.dtype(),
                      [&](auto zero) { launch<&kernels::max_backward<decltype(zero)>>(reduction, x, y, dy, dx[0]); });
  };
  return record<kernels::Max>(y, rule, x);
}

Tensor argmax_over(const Plan& plan, const Tensor& x) {
  require_some("argmax", plan, x);
  if (!fits<std::int32_t>(plan.reduction.count(true) - 1)) {
    fail("argmax: the place of the maximum is an int32, which ends before those of ", plan.reduction.count(true),
         " elements; the shape is ", x.shape(), ". Take it of parts, with slice()");
  }
  Tensor y = Tensor::empty(plan.result, DType::i32, x.device());
  dispatch(x.dtype(), [&](auto zero) { launch<&kernels::argmax_over<decltype(zero)>>(plan.reduction, x, y); });
  return y;
}

}  // namespace

Tensor sum(const Tensor& x) { return sum_over(over_all("sum", x), x, 1); }
Tensor sum(const Tensor& x, int axis, bool keepdim) { return sum_over(over_axis("sum", x, axis, keepdim), x, 1); }
Var sum(Operand x) { return sum_over<kernels::Sum>(over_all("sum", x.value), x, 1); }
Var sum(Operand x, int axis, bool keepdim) {
  return sum_over<kernels::Sum>(over_axis("sum", x.value, axis, keepdim), x, 1);
}

Tensor mean(const Tensor& x) {
  const Plan plan = over_all("mean", x);
  require_floating("mean", x);
  return sum_over(plan, x, count(plan));
}
Tensor mean(const Tensor& x, int axis, bool keepdim) {
  const Plan plan = over_axis("mean", x, axis, keepdim);
  require_floating("mean", x);
  return sum_over(plan, x, count(plan));
}
Var mean(Operand x) {
  const Plan plan = over_all("mean", x.value);
  require_floating("mean", x.value);
  return sum_over<kernels::Mean>(plan, x, count(plan));
}
Var mean(Operand x, int axis, bool keepdim) {
  const Plan plan = over_axis("mean", x.value, axis, keepdim);
  require_floating("mean", x.value);
  return sum_over<kernels::Mean>(plan, x, count(plan));
}

Tensor max(const Tensor& x) { return max_over(over_all("max", x), x); }
Tensor max(const Tensor& x, int axis, bool keepdim) { return max_over(over_axis("max", x, axis, keepdim), x); }
Var max(Operand x) { return max_over(over_all("max", x.value), x); }
Var max(Operand x, int axis, bool keepdim) { return max_over(over_axis("max", x.value, axis, keepdim), x); }

Tensor argmax(const Tensor& x) { return argmax_over(over_all("argmax", x), x); }
Tensor argmax(const Tensor& x, int axis, bool keepdim) { return argmax_over(over_axis("argmax", x, axis, keepdim), x); }
Var argmax(Operand x) { return argmax(x.value); }
Var argmax(Operand x, int axis, bool keepdim) { return argmax(x.value, axis, keepdim); }

}  // namespace wengert
