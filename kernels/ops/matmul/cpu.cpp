#include "kernels/ops/matmul/matmul.hpp"

#include "kernels/ops/matmul/cpu_product.hpp"

namespace wengert::kernels {

template <class T>
void matmul(Stream&, MatmulShape shape, const T* a, const T* b, Sink<T> c) {
  cpu::product(shape, a, b, c);
}

template void matmul(Stream&, MatmulShape, const float*, const float*, Sink<float>);
template void matmul(Stream&, MatmulShape, const double*, const double*, Sink<double>);

}  // namespace wengert::kernels
