#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"

#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {

template <class Loss, class T>
void pointwise_loss(Stream&, std::int64_t n, const T* x, const T* target, T* loss) {
  *loss = sum_tree::sum<T>(n, [=](std::int64_t i) { return Loss::value(x[i], target[i]); }) / static_cast<T>(n);
}

template <class Loss, class T>
void pointwise_loss_backward(Stream&, std::int64_t n, const T* x, const T* target, const T* dloss, Sink<T> dx) {
  const T scale = *dloss / static_cast<T>(n);
  cpu::store(dx, n, [=](std::int64_t i) { return scale * Loss::slope(x[i], target[i]); });
}

template <class Loss>
struct PointwiseLossKernels {
  static inline const cpu::Offer<&pointwise_loss<Loss, float>, &pointwise_loss<Loss, double>,
                                 &pointwise_loss_backward<Loss, float>, &pointwise_loss_backward<Loss, double>>
      offer;
};
template struct PointwiseLossKernels<SquaredError>;
template struct PointwiseLossKernels<BinaryCrossEntropy>;
template struct PointwiseLossKernels<BinaryCrossEntropyWithLogits>;

}  // namespace wengert::kernels
