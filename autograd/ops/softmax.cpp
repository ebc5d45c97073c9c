#include "autograd/ops/softmax.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/softmax/softmax.hpp"

namespace wengert {
namespace {

std::int64_t columns(const char* op, const Tensor& x) {
  require_operands(op, x);
  if (x.shape().rank() == 0) fail(op, ": takes at least one axis, got a scalar");
  return x.shape()[-1];
}

template <class Op>
Tensor apply(const Tensor& x) {
  const std::int64_t cols = columns(Op::name, x);
  Tensor y = Tensor::empty(x.shape(), x.dtype(), x.device());
  dispatch_floating(Op::name, x.dtype(), [&](auto zero) {
    launch<Op::template value<decltype(zero)>>(cols ? x.numel() / cols : 0, cols, x, y);
  });
  return y;
}

template <class Op>
Var apply(const Operand& x) {
  const Tensor y = apply<Op>(x.value);
  const auto rule = [y = Saved(Op::name, y)](const Tensor& dy, const Sinks& dx) {
    const std::int64_t cols = dy.shape()[-1];
    dispatch_floating(Op::name, dy.dtype(), [&](auto zero) {
      launch<Op::template gradient<decltype(zero)>>(cols ? dy.numel() / cols : 0, cols, y, dy, dx[0]);
    });
  };
  return record<Op>(y, rule, x);
}

}  // namespace

Tensor softmax(const Tensor& x) { return apply<kernels::Softmax>(x); }
Var softmax(Operand x) { return apply<kernels::Softmax>(x); }
Tensor log_softmax(const Tensor& x) { return apply<kernels::LogSoftmax>(x); }
Var log_softmax(Operand x) { return apply<kernels::LogSoftmax>(x); }

}  // namespace wengert
