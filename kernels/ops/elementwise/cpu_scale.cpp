#include "kernels/ops/elementwise/scale.hpp"

#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {

template <class T>
void scale(Stream&, std::int64_t n, const T* factor, const T* x, Sink<T> y) {
  const T by = *factor;
  if (already_scaled(by, x, y)) return;
  cpu::store(y, n, [=](std::int64_t i) { return x[i] * by; });
}

template <class T>
struct ScaleKernels {
  static inline const cpu::Offer<&scale<T>> offer;
};
template struct ScaleKernels<float>;
template struct ScaleKernels<double>;

}  // namespace wengert::kernels
