#include <tuple>

#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"

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

namespace {

// For float32 and float64; the forward for int32 too where the op goes on integers.
template <class Op>
auto offer() {
  if constexpr (AlsoInteger<Op>) {
    return cpu::Offer<&unary<Op, float>, &unary<Op, double>, &unary_backward<Op, float>, &unary_backward<Op, double>,
                      &unary<Op, std::int32_t>>();
  } else {
    return cpu::Offer<&unary<Op, float>, &unary<Op, double>, &unary_backward<Op, float>, &unary_backward<Op, double>>();
  }
}

}  // namespace

template <class List>
struct UnaryKernels;
template <class... Ops>
struct UnaryKernels<Types<Ops...>> {
  static inline const std::tuple offers{offer<Ops>()...};
};
template struct UnaryKernels<decltype(UnaryOps{} + NumberOps{})>;

}  // namespace wengert::kernels
