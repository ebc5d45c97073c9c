#include "examples/support/zeroing.hpp"

#include <cmath>

#include "autograd/backward.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/watch/lint.hpp"
#include "nn/optim/sgd.hpp"

namespace wengert::examples {
namespace {

double gradient_norm(const std::vector<Var>& parameters) {
  double norm = 0;
  for (const Var& parameter : parameters) {
    if (const std::optional<Tensor> gradient = parameter.grad()) norm = std::hypot(norm, norm_of(*gradient));
  }
  return norm;
}

std::vector<double> norms(const std::vector<Var>& parameters, const std::function<Var()>& loss, double lr,
                          std::int64_t steps, bool zero_grad) {
  optim::SGD sgd(parameters, {.lr = lr});
  sgd.zero_grad();
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(steps));
  for (std::int64_t step = 0; step < steps; ++step) {
    if (zero_grad) sgd.zero_grad();
    backward(loss());
    result.push_back(gradient_norm(parameters));
    sgd.step();
  }
  sgd.zero_grad();
  return result;
}

}  // namespace

ZeroingSteps zeroing_of(const std::vector<Var>& parameters, const std::function<Var()>& loss, double lr,
                        std::int64_t steps) {
  const Lint silent;  // never zeroing is the point here, and no mistake of the program's
  std::vector<Tensor> start;
  start.reserve(parameters.size());
  for (const Var& parameter : parameters) start.push_back(parameter.detach().clone());
  ZeroingSteps result;
  for (const bool zero_grad : {true, false}) {
    (zero_grad ? result.zeroed : result.accumulated) = norms(parameters, loss, lr, steps, zero_grad);
    for (std::size_t k = 0; k < parameters.size(); ++k) parameters[k].detach().assign(start[k]);
  }
  return result;
}

}  // namespace wengert::examples
