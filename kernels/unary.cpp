#include "kernels/unary.hpp"

#include <tuple>

#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {

template <class Op, class T>
void unary(Stream&, Op op, std::int64_t n, const T* x, T* y) {
  cpu::store(cpu::written(y), n, [op, x](std::int64_t i) { return op.value(x[i]); });
}

template <class Op, class T>
void unary_backward(Stream&, Op op, std::int64_t n, const T* saved, const T* dy, Sink<T> dx) {
  if constexpr (Op::saves == Saves::nothing) {
    cpu::store(dx, n, [op, dy](std::int64_t i) { return dy[i] * op.slope(T{}); });
  } else {
    cpu::store(dx, n, [op, saved, dy](std::int64_t i) { return dy[i] * op.slope(saved[i]); });
  }
}

// Explicit instantiation, an op to a line: such a class is emitted with its data, and its data are the kernels' addresses.
template <class Op>
struct Floating {
  static constexpr std::tuple kernels{&unary<Op, float>, &unary<Op, double>, &unary_backward<Op, float>,
                                      &unary_backward<Op, double>};
};
template <class Op>
struct FloatingAndInteger : Floating<Op> {
  static constexpr std::tuple all{Floating<Op>::kernels, &unary<Op, std::int32_t>};
};

template struct FloatingAndInteger<Negate>;
template struct FloatingAndInteger<Abs>;
template struct FloatingAndInteger<Square>;
template struct FloatingAndInteger<AddNumber>;
template struct FloatingAndInteger<SubtractFromNumber>;
template struct FloatingAndInteger<MultiplyByNumber>;
template struct Floating<DivideByNumber>;
template struct Floating<DivideNumberBy>;
template struct Floating<Exp>;
template struct Floating<Log>;
template struct Floating<Sqrt>;
template struct Floating<Pow>;
template struct Floating<Relu>;
template struct Floating<Sigmoid>;
template struct Floating<Tanh>;
template struct Floating<Softplus>;

}  // namespace wengert::kernels
