#include "kernels/ops/matmul/matmul.hpp"

#include "kernels/cpu/offer.hpp"
#include "kernels/ops/matmul/cpu_product.hpp"

namespace wengert::kernels {

template <class T>
void matmul(Stream&, MatmulShape shape, const T* a, const T* b, Sink<T> c) {
  cpu::product(shape, a, b, c);
}

template <class T>
struct MatmulKernels {
  static inline const cpu::Offer<&matmul<T>> offer;
};
template struct MatmulKernels<float>;
template struct MatmulKernels<double>;

}  // namespace wengert::kernels
