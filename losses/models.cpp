#include "losses/models.hpp"

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert::losses::detail {
namespace {

Tensor range_of(const Tensor& flat, std::int64_t begin, std::int64_t end) {
  return {Storage::part_of(flat.storage(), begin, end - begin), {end - begin}};
}

}  // namespace

Var flat(const nn::Module& model, const char* file, int line) {
  const nn::Weights own = model.detach(file, line);
  PoolVector<Operand> operands;
  for (const Var& parameter : model.parameters()) operands.emplace_back(parameter, file, line);
  auto rule = [layout = own.shared_layout(), gradient = model.flat_gradient()](const Tensor& dy, const Sinks& sinks) {
    dispatch_floating("flat", dy.dtype(), [&](auto zero) {
      for_wanted_ranges(*layout, sinks, 0, [&](std::int64_t begin, std::int64_t end, SinkMode mode) {
        const Tensor from = range_of(dy, begin, end), to = range_of(gradient, begin, end);
        launch<&kernels::copy<decltype(zero)>>(end - begin, from, OpenSink{to, mode});
      });
    });
  };
  const Tensor value(own.flat().storage(), own.flat().shape());  // without the cut that detach noted: nothing is cut
  return record_many<kernels::Flat>(value, std::move(rule), operands);
}

}  // namespace wengert::losses::detail
