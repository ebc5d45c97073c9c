#include "nn/optim/finite_guard.hpp"

#include "autograd/launch.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"

namespace wengert::optim {

FiniteGuard::FiniteGuard(Device device) : flag_(Tensor::zeros({1}, DType::i32, device)) {}

void FiniteGuard::watch(const Var& loss) const {
  require_defined("watch", "the loss", loss);
  dispatch_floating("watch", loss.dtype(), [&](auto zero) {
    launch<&kernels::flag_nonfinite<decltype(zero)>>(loss.numel(), loss.detach(), flag_);
  });
}

bool FiniteGuard::tripped() const { return flag_.item<int>() != 0; }
void FiniteGuard::reset() const { flag_.assign({0}); }

}  // namespace wengert::optim
