#include "autograd/ops/binary.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/broadcast.hpp"
#include "autograd/record.hpp"
#include "kernels/binary.hpp"
#include "kernels/reduce.hpp"

namespace wengert {
namespace {

template <class Op>
Tensor apply(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype()) {
    fail(Op::name, ": dtypes differ: ", a.dtype(), " ", a.shape(), " and ", b.dtype(), " ", b.shape(),
         "; convert one with .to(dtype)");
  }
  const bool alike = a.shape() == b.shape();
  Tensor y = Tensor::empty(alike ? a.shape() : broadcast_shape(Op::name, a.shape(), b.shape()), a.dtype(), a.device());
  const kernels::Broadcast loop = alike ? plain_loop(y.numel()) : broadcast_loop(a.shape(), b.shape(), y.shape());
  const auto run = [&](auto zero) { launch<&kernels::binary<Op, decltype(zero)>>(loop, a, b, y); };
  if constexpr (Op::integers) {
    dispatch(a.dtype(), run);
  } else {
    dispatch_floating(Op::name, a.dtype(), run);
  }
  return y;
}

// A broadcast operand's gradient is formed at y's shape and then summed over the repeated axes.
struct Share {
  Share(const GradientSink& sink, const Shape& own, const Tensor& dy) : sink_(sink), own_(own) {
    if (sink.wanted() && own != dy.shape()) full_ = Tensor::empty(dy.shape(), dy.dtype(), dy.device());
  }
  bool summed() const { return full_.defined(); }
  const Tensor& full() const { return full_; }
  template <class T>
  void finish() const {
    if (summed()) launch<&kernels::sum_over<T>>(reduction_to(full_.shape(), own_), full_, 1, sink_);
  }

 private:
  GradientSink sink_;
  Shape own_;
  Tensor full_;
};

// What a rule keeps of an operand: its value where the formula reads it, else only its shape.
template <bool Saves>
struct Kept {
  Kept(const char* op, const Tensor& x) : value(op, x) {}
  const Shape& shape() const { return value.unchecked().shape(); }
  Saved value;
};
template <>
struct Kept<false> {
  Kept(const char*, const Tensor& x) : own(x.shape()) {}
  const Shape& shape() const { return own; }
  Shape own;
  static inline const Tensor value{};
};

template <class Op>
struct Rule {
  Kept<Op::saves> a, b;

  void operator()(const Tensor& dy, const Sinks& sinks) const {
    dispatch_floating(Op::name, dy.dtype(), [&](auto zero) {
      using T = decltype(zero);
      const kernels::Broadcast loop = broadcast_loop(a.shape(), b.shape(), dy.shape());
      const Share da(sinks[0], a.shape(), dy), db(sinks[1], b.shape(), dy);
      constexpr auto kernel = &kernels::binary_backward<Op, T>;
      if (!da.summed() && !db.summed()) return launch<kernel>(loop, a.value, b.value, dy, sinks[0], sinks[1]);
      if (!da.summed()) {
        launch<kernel>(loop, a.value, b.value, dy, sinks[0], db.full());
      } else if (!db.summed()) {
        launch<kernel>(loop, a.value, b.value, dy, da.full(), sinks[1]);
      } else {
        launch<kernel>(loop, a.value, b.value, dy, da.full(), db.full());
      }
      da.template finish<T>();
      db.template finish<T>();
    });
  }
};

template <class Op>
Var apply(const Operand& a, const Operand& b) {
  const Tensor y = apply<Op>(a.value, b.value);
  Rule<Op> rule{{Op::name, a.value}, {Op::name, b.value}};
  return record(Op::name, y, std::move(rule), a, b);
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
