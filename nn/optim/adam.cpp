#include "nn/optim/adam.hpp"

#include "autograd/observer.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"
#include "nn/optim/parameter_runs.hpp"

namespace wengert::optim {
namespace {

// Before the parameters are held where they are.
const AdamOptions& checked(const AdamOptions& options) {
  require_not_negative("Adam", "eps", options.eps);
  require_not_negative("Adam", "weight_decay", options.weight_decay);
  for (const double beta : {options.beta1, options.beta2}) {
    if (!(beta >= 0 && beta < 1)) fail("Adam: beta1 and beta2 must be in [0, 1), got ", beta);
  }
  return options;
}

}  // namespace

Adam::Adam(const std::vector<Var>& parameters, AdamOptions options)
    : Optimizer("Adam", parameters, checked(options).lr),
      options_(options),
      together_(parameters_.size(), true),
      captured_together_(parameters_.size(), false) {
  first_moment_ = zeros();
  second_moment_ = zeros();
  steps_ = Tensor::zeros({static_cast<std::int64_t>(parameters_.size())}, DType::i32, device());
}

std::vector<nn::NamedTensor> Adam::state() const {
  require_present("state");
  return {{"first_moment", first_moment_}, {"second_moment", second_moment_}, {"steps", steps_}};
}

// From here on parameter i has a count of its own.
void Adam::part_ways(std::size_t i) {
  if (captured_together_[i]) {
    fail("Adam: ", parameters_[i].node()->label(), " and ", parameters_[i - 1].node()->label(),
         " do not move together in this step, and a captured step moves them by one count. Give each set of parameters "
         "that moves by itself an optimiser of its own");
  }
  together_[i] = false;
}

void Adam::step(const Tensor& stop, Where where) {
  require_present("step");
  notify(&Observer::overwriting, std::span<const Var>(parameters_), "Adam", where);
  for (std::size_t i = 1; i < parameters_.size(); ++i) {
    if (moves(parameters_[i]) != moves(parameters_[i - 1])) part_ways(i);
    if (Recorder::current() && together_[i] && moves(parameters_[i])) captured_together_[i] = true;
  }
  const kernels::AdamRule rule{options_.beta1, options_.beta2, options_.eps, options_.weight_decay};
  const auto same_count = [&](std::size_t i) { return static_cast<bool>(together_[i]); };
  for_runs(parameters_, same_count, [&](const ParameterRun& run) {
    const auto members = static_cast<std::int64_t>(run.last - run.first);
    const Tensor steps(Storage::part_of(steps_.storage(), static_cast<std::int64_t>(run.first), members), {members});
    const Tensor first = part(first_moment_, run.first, run.numel), second = part(second_moment_, run.first, run.numel);
    launch<&kernels::count_step>(members, stop, steps);
    dispatch_floating("Adam", run.values.front().dtype(), [&](auto zero) {
      launch<&kernels::adam<decltype(zero)>>(rule, run.numel, lr_, stop, steps, run.gradients, first, second,
                                             run.values);
    });
  });
}

}  // namespace wengert::optim
