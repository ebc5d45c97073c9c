#include "autograd/ops/softmax.hpp"

#include "autograd/launch.hpp"
#include "autograd/record.hpp"
#include "kernels/ops/softmax/softmax.hpp"

namespace wengert {
namespace {

struct Softmax {
  static constexpr const char* name = "softmax";
  template <class T>
  static constexpr auto forward = &kernels::softmax<T>;
  template <class T>
  static constexpr auto backward = &kernels::softmax_backward<T>;
};
struct LogSoftmax {
  static constexpr const char* name = "log_softmax";
  template <class T>
  static constexpr auto forward = &kernels::log_softmax<T>;
  template <class T>
  static constexpr auto backward = &kernels::log_softmax_backward<T>;
};

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
    launch<Op::template forward<decltype(zero)>>(cols ? x.numel() / cols : 0, cols, x, y);
  });
  return y;
}

template <class Op>
Var apply(const Operand& x) {
  const Tensor y = apply<Op>(x.value);
  const auto rule = [y = Saved(Op::name, y)](const Tensor& dy, const Sinks& dx) {
    const std::int64_t cols = dy.shape()[-1];
    dispatch_floating(Op::name, dy.dtype(), [&](auto zero) {
      launch<Op::template backward<decltype(zero)>>(cols ? dy.numel() / cols : 0, cols, y, dy, dx[0]);
    });
  };
  return record(Op::name, y, rule, x);
}

}  // namespace

Tensor softmax(const Tensor& x) { return apply<Softmax>(x); }
Var softmax(Operand x) { return apply<Softmax>(x); }
Tensor log_softmax(const Tensor& x) { return apply<LogSoftmax>(x); }
Var log_softmax(Operand x) { return apply<LogSoftmax>(x); }

}  // namespace wengert
