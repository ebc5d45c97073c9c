#include "nn/optim/optimizer.hpp"

#include <cmath>
#include <unordered_set>

#include "nn/optim/parameter_runs.hpp"

namespace wengert::optim {

Optimizer::Optimizer(const char* name, const std::vector<Var>& parameters, double lr) {
  require_not_negative(name, "lr", lr);
  require_all_defined(name, "parameter", parameters);
  for (const Var& parameter : parameters) {
    if (!parameter.node() || !parameter.node()->is_leaf) {
      fail(name, ": takes parameters (Var::parameter, or a module's), not constants or results");
    }
  }
  std::int64_t total = 0;
  for (const Var& parameter : distinct(parameters)) {
    const Node* const leaf = parameter.node().get();
    if (leaf->dtype != parameters.front().dtype()) {
      fail(name, ": the parameters must have one dtype, got ", parameters.front().dtype(), " and ", leaf->dtype);
    }
    if (leaf->device != parameters.front().device()) {
      fail(name, ": the parameters must be on one device, got ", parameters.front().device(), " and ", leaf->device);
    }
    parameters_.push_back(parameter);
    offsets_.push_back(total);
    total += parameter.numel();
  }
  if (parameters_.empty()) fail(name, ": there are no parameters to move");
  offsets_.push_back(total);
  for (const Var& parameter : parameters_) {  // now that nothing is refused any more
    parameter.detach().storage()->seal();
    if (const Tensor& gradient = parameter.node()->gradient; gradient.defined()) gradient.storage()->seal();
  }
  lr_ = Tensor::full({}, lr, DType::f64, device());
}

std::vector<Var> distinct(const std::vector<Var>& parameters) {
  std::vector<Var> result;
  std::unordered_set<const Node*> met;
  for (const Var& parameter : parameters) {
    if (met.insert(parameter.node().get()).second) result.push_back(parameter);
  }
  return result;
}

void Optimizer::zero_grad() const {
  require_present("zero_grad");
  for (const Var& parameter : parameters_) parameter.zero_grad();
}

double Optimizer::lr() const {
  require_present("lr");
  return lr_.item<double>();
}

void Optimizer::set_lr(double lr) const {
  require_present("set_lr");
  require_not_negative("set_lr", "lr", lr);
  lr_.assign({lr});
}

void Optimizer::require_present(const char* what) const {
  if (parameters_.empty()) fail(what, ": this optimiser was moved from; use the one that it was moved to");
}

Tensor Optimizer::zeros() const { return Tensor::zeros({offsets_.back()}, parameters_.front().dtype(), device()); }

Tensor Optimizer::part(const Tensor& state, std::size_t first, std::int64_t numel) const {
  if (!state.defined()) return {};
  return {Storage::part_of(state.storage(), offsets_[first], numel), {numel}};
}

void require_not_negative(const char* optimizer, const char* option, double value) {
  if (!(value >= 0) || std::isinf(value)) fail(optimizer, ": ", option, " must be a number >= 0, got ", value);
}

}  // namespace wengert::optim
