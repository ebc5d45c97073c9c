#include "kernels/ops/elementwise/unary.hpp"

#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {

template <class Op, class T>
void unary(Stream&, Op op, std::int64_t n, const T* x, T* y) {
  cpu::store(written(y), n, [op, x](std::int64_t i) { return op.value(x[i]); });
}

template <class Op, class T>
void unary_backward(Stream&, Op op, std::int64_t n, const T* saved, const T* dy, Sink<T> dx) {
  if constexpr (Op::saves == Saves::nothing) {
    cpu::store(dx, n, [op, dy](std::int64_t i) { return dy[i] * op.slope(T{}); });
  } else {
    cpu::store(dx, n, [op, saved, dy](std::int64_t i) { return dy[i] * op.slope(saved[i]); });
  }
}

// For float32 and float64; the forward for MoreTypes too.
template <class Op, class... MoreTypes>
struct UnaryKernels {
  static inline const cpu::Offer<&unary<Op, float>, &unary<Op, double>, &unary_backward<Op, float>,
                                 &unary_backward<Op, double>, &unary<Op, MoreTypes>...>
      offer;
};
template struct UnaryKernels<Negate, std::int32_t>;
template struct UnaryKernels<Abs, std::int32_t>;
template struct UnaryKernels<Square, std::int32_t>;
template struct UnaryKernels<AddNumber, std::int32_t>;
template struct UnaryKernels<SubtractFromNumber, std::int32_t>;
template struct UnaryKernels<MultiplyByNumber, std::int32_t>;
template struct UnaryKernels<DivideByNumber>;
template struct UnaryKernels<DivideNumberBy>;
template struct UnaryKernels<Exp>;
template struct UnaryKernels<Log>;
template struct UnaryKernels<Sqrt>;
template struct UnaryKernels<Pow>;
template struct UnaryKernels<Relu>;
template struct UnaryKernels<Sigmoid>;
template struct UnaryKernels<Tanh>;
template struct UnaryKernels<Softplus>;

}  // namespace wengert::kernels
