#include "nn/optim/clip_grad_norm.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/ops/elementwise/scale.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"
#include "nn/optim/parameter_runs.hpp"

namespace wengert::optim {

namespace {

bool has_repeats(const std::vector<Var>& parameters) {
  PoolVector<const Node*> nodes(parameters.size());
  std::ranges::transform(parameters, nodes.begin(), [](const Var& parameter) { return parameter.node().get(); });
  std::ranges::sort(nodes);
  return std::ranges::adjacent_find(nodes) != nodes.end();
}

}  // namespace

Tensor clip_grad_norm(const std::vector<Var>& given, double max_norm) {
  if (!(max_norm >= 0)) fail("clip_grad_norm: max_norm must be a number >= 0, or infinity, got ", max_norm);
  const auto is_parameter = [](const Var& x) { return x.node() && x.node()->is_leaf; };
  if (!std::ranges::all_of(given, is_parameter)) {
    fail("clip_grad_norm: takes parameters (Var::parameter, or a module's), not constants, results or undefined ones");
  }
  std::vector<Var> once;
  if (has_repeats(given)) once = distinct(given);
  const std::vector<Var>& parameters = once.empty() ? given : once;
  const auto moving = std::ranges::find_if(parameters, moves);
  if (moving == parameters.end()) return Tensor::zeros({});
  const DType dtype = moving->dtype();
  const Device device = moving->device();
  const auto same_dtype = [&](std::size_t i) { return parameters[i].dtype() == dtype; };
  Tensor norm = Tensor::empty({}, dtype, device);
  const Tensor factor = Tensor::empty({}, dtype, device);
  const Tensor sums = Tensor::empty({static_cast<std::int64_t>(parameters.size())}, dtype, device);
  dispatch_floating("clip_grad_norm", dtype, [&](auto zero) {
    using T = decltype(zero);
    std::int64_t runs = 0;
    for_runs(parameters, same_dtype, [&](const ParameterRun& run) {
      if (run.values.front().dtype() != dtype) fail("clip_grad_norm: the parameters must have one dtype");
      const Tensor sum(Storage::part_of(sums.storage(), runs++, 1), {});
      launch<&kernels::sum_squares<T>>(run.numel, run.gradients, sum);
    });
    launch<&kernels::clip_factor<T>>(runs, sums, max_norm, norm, factor);
    if (std::isinf(max_norm)) return;
    for_runs(parameters, same_dtype, [&](const ParameterRun& run) {
      launch<&kernels::scale<T>>(run.numel, factor, run.gradients, run.gradients);
    });
  });
  return norm;
}

}  // namespace wengert::optim
