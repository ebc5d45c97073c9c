#include "losses/sides.hpp"

#include <algorithm>

#include "autograd/no_grad.hpp"
#include "kernels/base/error.hpp"

namespace wengert::losses::detail {
namespace {

bool share_memory(const Tensor& a, const Tensor& b) {
  const char *a_begin = a.data<char>(), *b_begin = b.data<char>();
  return a_begin < b_begin + b.storage()->bytes() && b_begin < a_begin + a.storage()->bytes();
}

[[noreturn]] void nothing_to_train(const char* loss, const char* what) {
  fail(loss, ": no gradient can reach ", what,
       ", so nothing would be pushed away from the reference. Pass a parameter that is "
       "not frozen, or what was computed from one, or evaluate inside a NoGrad scope");
}

}  // namespace

void require_apart(const char* loss, const Tensor& reference, const Tensor& trained, const char* pair) {
  if (!share_memory(reference, trained)) return;
  fail(loss, ": ", pair,
       " are the same memory, so each would be compared with itself for good; for a model as it is now, "
       "use detach().clone()");
}

void require_pair(const char* loss, const Tensor& reference, const Tensor& trained, const char* pair) {
  require_operands(loss, reference, trained);
  if (reference.shape() != trained.shape() || reference.dtype() != trained.dtype()) {
    fail(loss, ": ", pair, " must be alike, got ", reference.dtype(), " ", reference.shape(), " and ", trained.dtype(),
         " ", trained.shape());
  }
  require_apart(loss, reference, trained, pair);
}

void require_trainable(const char* loss, const Operand& trained) {
  if (!trained.wants_gradient() && !NoGrad::active()) nothing_to_train(loss, "the trained side");
}

void require_models(const char* loss, const nn::Weights& reference, const nn::Module& trained) {
  const nn::Weights own = trained.detach();
  reference.require_same_topology(loss, own);
  require_pair(loss, reference.flat(), own.flat(), "the models' parameters");
  if (!NoGrad::active() && std::ranges::none_of(trained.parameters(), &Var::requires_grad))
    nothing_to_train(loss, "the trained model");
}

}  // namespace wengert::losses::detail
