#include "kernels/inverse_l1.hpp"

#include <tuple>

#include "kernels/cpu/ranges.hpp"
#include "kernels/math.hpp"
#include "kernels/sum_tree.hpp"

namespace wengert::kernels {

template <class T>
void inverse_l1(Stream&, std::int64_t segments, const std::int32_t* offsets, double eps, const T* a, const T* b, T* s,
                T* loss) {
  for (std::int64_t k = 0; k < segments; ++k) {
    const T *from_a = a + offsets[k], *from_b = b + offsets[k];
    s[k] =
        sum_tree::sum<T>(offsets[k + 1] - offsets[k], [=](std::int64_t i) { return math::abs(from_a[i] - from_b[i]); });
  }
  *loss = sum_tree::sum<T>(segments, [=](std::int64_t k) { return T(1) / (s[k] + static_cast<T>(eps)); });
}

template <class T>
void inverse_l1_backward(Stream&, std::int64_t segments, const std::int32_t* offsets, double eps, const T* a,
                         const T* b, const T* s, const T* dloss, Sink<T> db) {
  if (!db.wanted()) return;
  for (std::int64_t k = 0; k < segments; ++k) {
    const T inverse = T(1) / (s[k] + static_cast<T>(eps));
    const T scale = -*dloss * (inverse * inverse);
    const T *from_a = a + offsets[k], *from_b = b + offsets[k];
    const Sink<T> part{db.data + offsets[k], db.mode};
    cpu::store(part, offsets[k + 1] - offsets[k],
               [=](std::int64_t i) { return scale * math::sign(from_b[i] - from_a[i]); });
  }
}

template <class T>
struct InverseL1Kernels {
  static constexpr std::tuple kernels{&inverse_l1<T>, &inverse_l1_backward<T>};
};
template struct InverseL1Kernels<float>;
template struct InverseL1Kernels<double>;

}  // namespace wengert::kernels
