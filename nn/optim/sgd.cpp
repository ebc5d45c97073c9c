#include "nn/optim/sgd.hpp"

#include "autograd/observer.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"
#include "nn/optim/parameter_runs.hpp"

namespace wengert::optim {
namespace {

// Before the parameters are held where they are.
const SGDOptions& checked(const SGDOptions& options) {
  require_not_negative("SGD", "momentum", options.momentum);
  require_not_negative("SGD", "weight_decay", options.weight_decay);
  return options;
}

}  // namespace

SGD::SGD(const std::vector<Var>& parameters, SGDOptions options)
    : Optimizer("SGD", parameters, checked(options).lr), options_(options) {
  if (options.momentum > 0) velocity_ = zeros();
}

std::vector<nn::NamedTensor> SGD::state() const {
  require_present("state");
  if (!velocity_.defined()) return {};
  return {{"velocity", velocity_}};
}

void SGD::step(const Tensor& stop, Where where) {
  require_present("step");
  notify(&Observer::overwriting, std::span<const Var>(parameters_), "SGD", where);
  const kernels::SgdRule rule{options_.momentum, options_.weight_decay};
  const auto any = [](std::size_t) { return true; };
  for_runs(parameters_, any, [&](const ParameterRun& run) {
    dispatch_floating("SGD", run.values.front().dtype(), [&](auto zero) {
      launch<&kernels::sgd<decltype(zero)>>(rule, run.numel, lr_, stop, run.gradients,
                                            part(velocity_, run.first, run.numel), run.values);
    });
  });
}

}  // namespace wengert::optim
