#include "losses/ncl.hpp"

#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/base/error.hpp"
#include "losses/sides.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "ncl";

Tensor mean_of(std::span<const Tensor> members) {
  Tensor total = members[0];
  for (const Tensor& member : members.subspan(1)) total = total + member;
  return total / static_cast<double>(members.size());
}

}  // namespace

Var ncl(std::span<const Tensor> earlier, Operand trained) {
  if (earlier.empty()) fail(name, ": there is no earlier member; train the first one without this loss");
  for (const Tensor& member : earlier)
    detail::require_pair(name, member, trained.value, "an earlier member's probabilities and the trained one's");
  const Shape& shape = trained.value.shape();
  if (shape.rank() != 2) fail(name, ": takes probabilities (rows, classes), got ", shape);
  detail::require_trainable(name, trained);
  const double k = static_cast<double>(earlier.size()), share = k / (k + 1);
  return sum(square(trained - mean_of(earlier))) * (-share * share / static_cast<double>(shape[0]));
}

}  // namespace wengert::losses
