#include "kernels/ops/elementwise/unary.hpp"

#include <tuple>

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

// Explicit instantiation, an op to a line: such a class is emitted with its data, and its data are the kernels'
// addresses.
template <class Op>
struct UnaryKernels {
  static constexpr std::tuple kernels{&unary<Op, float>, &unary<Op, double>, &unary_backward<Op, float>,
                                      &unary_backward<Op, double>};
};
template <class Op>
struct UnaryKernelsWithInteger : UnaryKernels<Op> {
  static constexpr std::tuple all{UnaryKernels<Op>::kernels, &unary<Op, std::int32_t>};
};

template struct UnaryKernelsWithInteger<Negate>;
template struct UnaryKernelsWithInteger<Abs>;
template struct UnaryKernelsWithInteger<Square>;
template struct UnaryKernelsWithInteger<AddNumber>;
template struct UnaryKernelsWithInteger<SubtractFromNumber>;
template struct UnaryKernelsWithInteger<MultiplyByNumber>;
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
