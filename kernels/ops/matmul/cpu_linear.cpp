#include "kernels/ops/matmul/linear.hpp"

#include <algorithm>

#include "kernels/cpu/column_sums.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/ops/matmul/cpu_product.hpp"

namespace wengert::kernels {

// The rows are filled with the bias, and the product added.
template <class T>
void linear(Stream&, LinearShape s, const T* x, const T* weight, const T* bias, T* y) {
  const auto fill = [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) std::copy(bias, bias + s.out, y + row * s.out);
  };
  cpu::product({s.rows, s.in, s.out, false, true}, x, weight, Sink<T>{y, SinkMode::add}, fill);
}

template <class T>
void linear_backward(Stream&, LinearShape s, const T* x, const T* weight, const T* dy, Sink<T> dx, Sink<T> dweight,
                     Sink<T> dbias) {
  cpu::product(MatmulShape{s.rows, s.out, s.in}, dy, weight, dx);
  cpu::product(MatmulShape{s.out, s.rows, s.in, true, false}, dy, x, dweight);
  if (dbias.wanted()) {
    cpu::column_sums<T>(dy, s.rows, s.out, s.out, [&](std::int64_t column, T sum) { dbias.put(column, sum); });
  }
}

template <class T>
struct LinearKernels {
  static inline const cpu::Offer<&linear<T>, &linear_backward<T>> offer;
};
template struct LinearKernels<float>;
template struct LinearKernels<double>;

}  // namespace wengert::kernels
