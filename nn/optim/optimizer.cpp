#include "nn/optim/optimizer.hpp"

#include <algorithm>
#include <cmath>

namespace wengert::optim {

Optimizer::Optimizer(const char* name, const std::vector<Var>& parameters, double lr) {
  require_not_negative(name, "lr", lr);
  std::int64_t total = 0;
  for (const Var& parameter : parameters) {
    Node* const leaf = parameter.node().get();
    if (!leaf || !leaf->is_leaf)
      fail(name, ": takes parameters (Var::parameter, or a module's), not constants or results");
    if (std::ranges::find(parameters_, leaf, [](const Var& own) { return own.node().get(); }) != parameters_.end())
      continue;
    if (leaf->dtype != parameters.front().dtype()) {
      fail(name, ": the parameters must have one dtype, got ", parameters.front().dtype(), " and ", leaf->dtype);
    }
    if (leaf->device != parameters.front().device()) {
      fail(name, ": the parameters must be on one device, got ", parameters.front().device(), " and ", leaf->device);
    }
    parameter.detach().storage()->seal();
    if (leaf->gradient.defined()) leaf->gradient.storage()->seal();
    parameters_.push_back(parameter);
    offsets_.push_back(total);
    total += parameter.numel();
  }
  if (parameters_.empty()) fail(name, ": there are no parameters to move");
  offsets_.push_back(total);
  lr_ = Tensor::full({}, lr, DType::f64, device());
}

void Optimizer::zero_grad() const {
  for (const Var& parameter : parameters_) parameter.zero_grad();
}

double Optimizer::lr() const { return lr_.item<double>(); }

void Optimizer::set_lr(double lr) const {
  require_not_negative("set_lr", "lr", lr);
  lr_.assign({lr});
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
