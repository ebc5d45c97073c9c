#include <tuple>

#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/rows.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"

namespace wengert::kernels {

template <class Op, class T>
void binary(Stream&, Broadcast loop, const T* a, const T* b, T* y) {
  cpu::store_rows(loop, a, b, written(y), [](std::int64_t, T u, T v) { return Op::value(u, v); });
}

template <class Op, class T>
void binary_backward(Stream&, Broadcast loop, const T* a, const T* b, const T* dy, Sink<T> da, Sink<T> db) {
  if constexpr (Op::saves) {
    cpu::store_rows(loop, a, b, da, [dy](std::int64_t i, T u, T v) { return Op::da(dy[i], u, v); });
    cpu::store_rows(loop, a, b, db, [dy](std::int64_t i, T u, T v) { return Op::db(dy[i], u, v); });
  } else {
    cpu::store(da, loop.numel(), [dy](std::int64_t i) { return Op::da(dy[i], T{}, T{}); });
    cpu::store(db, loop.numel(), [dy](std::int64_t i) { return Op::db(dy[i], T{}, T{}); });
  }
}

namespace {

// For float32 and float64; the forward for int32 too where the op goes on integers.
template <class Op>
auto offer() {
  if constexpr (AlsoInteger<Op>) {
    return cpu::Offer<&binary<Op, float>, &binary<Op, double>, &binary_backward<Op, float>,
                      &binary_backward<Op, double>, &binary<Op, std::int32_t>>();
  } else {
    return cpu::Offer<&binary<Op, float>, &binary<Op, double>, &binary_backward<Op, float>,
                      &binary_backward<Op, double>>();
  }
}

}  // namespace

template <class List>
struct BinaryKernels;
template <class... Ops>
struct BinaryKernels<Types<Ops...>> {
  static inline const std::tuple offers{offer<Ops>()...};
};
template struct BinaryKernels<BinaryOps>;

}  // namespace wengert::kernels
