#include "autograd/ops/binary.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/broadcast.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"
#include "kernels/ops/reduce/reduce.hpp"

namespace wengert {
namespace {

template <class Op>
Tensor apply(const Tensor& a, const Tensor& b) {
  require_operands(Op::name, a, b);
  if (a.dtype() != b.dtype()) {
    fail(Op::name, ": dtypes differ: ", a.dtype(), " ", a.shape(), " and ", b.dtype(), " ", b.shape(),
         "; convert one with .to(dtype)");
  }
  const Shape &as = a.shape(), &bs = b.shape();
  const bool alike = as == bs;
  Tensor y = Tensor::empty(alike ? as : broadcast_shape(Op::name, as, bs), a.dtype(), a.device());
  const kernels::Broadcast loop = alike ? plain_loop(as.numel()) : broadcast_loop(as, bs, y.shape());
  const auto run = [&](auto zero) { launch<&kernels::binary<Op, decltype(zero)>>(loop, a, b, y); };
  if constexpr (kernels::AlsoInteger<Op>) {
    dispatch(a.dtype(), run);
  } else {
    dispatch_floating(Op::name, a.dtype(), run);
  }
  return y;
}

// A broadcast operand's gradient is formed at y's shape and then summed over the repeated axes.
class BroadcastGradient {
 public:
  BroadcastGradient(const GradientSink& sink, const Tensor& dy) : sink_(sink) {
    if (sink.wanted() && sink.target()->shape != dy.shape()) full_ = Tensor::empty(dy.shape(), dy.dtype(), dy.device());
  }
  bool summed() const { return full_.defined(); }
  const Tensor& full() const { return full_; }
  template <class T>
  void finish() const {
    if (summed()) launch<&kernels::sum_over<T>>(reduction_to(full_.shape(), sink_.target()->shape), full_, 1, sink_);
  }

 private:
  GradientSink sink_;
  Tensor full_;
};

// What a rule keeps: the operands if the formula reads them, otherwise nothing, since a gradient knows its own shape.
template <bool Saves>
struct Kept {
  Kept(const char* op, const Tensor& x, const Tensor& y) : a(op, x), b(op, y) {}
  kernels::Broadcast loop(const Tensor& dy) const {
    return broadcast_loop(a.unchecked().shape(), b.unchecked().shape(), dy.shape());
  }
  Saved a, b;
};
template <>
struct Kept<false> {
  Kept(const char*, const Tensor&, const Tensor&) {}
  kernels::Broadcast loop(const Tensor& dy) const { return plain_loop(dy.numel()); }
  static inline const Tensor a{}, b{};
};

template <class Op>
struct Rule {
  Kept<Op::saves> kept;

  void operator()(const Tensor& dy, const Sinks& sinks) const {
    dispatch_floating(Op::name, dy.dtype(), [&](auto zero) {
      using T = decltype(zero);
      const kernels::Broadcast loop = kept.loop(dy);
      const BroadcastGradient da(sinks[0], dy), db(sinks[1], dy);
      const auto run = [&](const auto& to_a, const auto& to_b) {
        launch<&kernels::binary_backward<Op, T>>(loop, kept.a, kept.b, dy, to_a, to_b);
      };
      if (da.summed()) {
        db.summed() ? run(da.full(), db.full()) : run(da.full(), sinks[1]);
      } else {
        db.summed() ? run(sinks[0], db.full()) : run(sinks[0], sinks[1]);
      }
      da.template finish<T>();
      db.template finish<T>();
    });
  }
};

template <class Op>
Var apply(const Operand& a, const Operand& b) {
  const Tensor y = apply<Op>(a.value, b.value);
  return record<Op>(y, Rule<Op>{{Op::name, a.value, b.value}}, a, b);
}

}  // namespace

Tensor operator+(const Tensor& a, const Tensor& b) { return apply<kernels::Add>(a, b); }
Tensor operator-(const Tensor& a, const Tensor& b) { return apply<kernels::Subtract>(a, b); }
Tensor operator*(const Tensor& a, const Tensor& b) { return apply<kernels::Multiply>(a, b); }
Tensor operator/(const Tensor& a, const Tensor& b) { return apply<kernels::Divide>(a, b); }
Var operator+(Operand a, Operand b) { return apply<kernels::Add>(a, b); }
Var operator-(Operand a, Operand b) { return apply<kernels::Subtract>(a, b); }
Var operator*(Operand a, Operand b) { return apply<kernels::Multiply>(a, b); }
Var operator/(Operand a, Operand b) { return apply<kernels::Divide>(a, b); }

}  // namespace wengert
