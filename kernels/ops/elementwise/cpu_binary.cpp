#include "kernels/ops/elementwise/binary.hpp"

#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/rows.hpp"

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

// For float32 and float64; the forward for MoreTypes too.
template <class Op, class... MoreTypes>
struct BinaryKernels {
  static inline const cpu::Offer<&binary<Op, float>, &binary<Op, double>, &binary_backward<Op, float>,
                                 &binary_backward<Op, double>, &binary<Op, MoreTypes>...>
      offer;
};
template struct BinaryKernels<Add, std::int32_t>;
template struct BinaryKernels<Subtract, std::int32_t>;
template struct BinaryKernels<Multiply, std::int32_t>;
template struct BinaryKernels<Divide>;

}  // namespace wengert::kernels
