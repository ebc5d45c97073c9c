#include "nn/module.hpp"

#include <algorithm>

#include "autograd/inspect/inspect.hpp"
#include "autograd/recorder.hpp"

namespace wengert::nn {
namespace {

Ref<Storage> storage_of(const Var& parameter) { return parameter.detach().storage(); }

// The layout with parameters added at its end.
std::shared_ptr<const Layout> extended(const Layout& before, const std::vector<std::string>& names,
                                       const std::vector<Shape>& shapes, Device device) {
  Layout layout = before;
  for (std::size_t k = 0; k < names.size(); ++k) {
    layout.names.push_back(names[k]);
    layout.shapes.push_back(shapes[k]);
    layout.offsets.push_back(layout.offsets.back() + shapes[k].numel());
  }
  return layout.on(device);
}

}  // namespace

void Module::check_can_add(const std::string& name) const {
  refuse_in_capture("add");
  if (name.empty() || name.find('.') != std::string::npos) {
    fail("add: '", name, "' is no name for a part: it must not be empty or have a dot in it");
  }
  if (std::ranges::find(own_names_, name) != own_names_.end()) fail("add: this module has a '", name, "' already");
  if (values_.empty()) return;
  if (values_.whole()->whole) fail("add '", name, "': this module is part of another one already and cannot grow");
  if (values_.whole()->sealed) {
    fail("add '", name,
         "': an optimiser or a capture relies on where this module's parameters are; add all parts first");
  }
}

bool Module::has(const Var& parameter) const {
  return std::ranges::any_of(parameters_, [&](const Var& own) { return own.node() == parameter.node(); });
}

void Module::enter(const std::string& name, const Var& parameter) {
  parameter.node()->note().name = name;
  storage_of(parameter)->name = std::make_unique<std::string>(name);
  parameters_.push_back(parameter);
}

Var Module::add(const std::string& name, const Tensor& initial) { return add(name, Var::parameter(initial.clone())); }

Var Module::add(const std::string& name, const Var& parameter) {
  check_can_add(name);
  Node* const leaf = parameter.node().get();
  if (!leaf || !leaf->is_leaf) fail("add '", name, "': takes a parameter (Var::parameter) or a Tensor, not a result");
  if (has(parameter)) return parameter;
  const Ref<Storage> storage = storage_of(parameter);
  if (storage->whole || storage->numel != parameter.numel()) {
    fail("add '", name,
         "': this parameter is part of another module or tensor. Add a shared parameter once, in the module "
         "that owns it, and hand the Var to the others");
  }
  if (storage->sealed)
    fail("add '", name, "': an optimiser or a capture relies on where this parameter is; add it first");
  if (!leaf->gradient.defined()) leaf->gradient = Tensor::zeros(leaf->shape, leaf->dtype, leaf->device);
  values_.append(parameter.detach());
  gradients_.append(leaf->gradient);
  enter(name, parameter);
  own_names_.push_back(name);
  layout_ = extended(*layout_, {name}, {parameter.shape()}, parameter.device());
  return parameter;
}

void Module::adopt(const std::string& name, const Module& child) {
  check_can_add(name);
  if (!child.values_.empty()) {
    const Storage& whole = *child.values_.whole();
    if (whole.whole) fail("add '", name, "': that module is part of another one already");
    if (whole.sealed)
      fail("add '", name, "': an optimiser or a capture relies on where its parameters are; add it first");
  }
  values_.append(child.values_);
  gradients_.append(child.gradients_);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < child.parameters_.size(); ++k) {
    names.push_back(name + "." + child.layout_->names[k]);
    enter(names[k], child.parameters_[k]);
  }
  own_names_.push_back(name);
  layout_ = extended(*layout_, names, child.layout_->shapes, values_.whole()->device);
}

std::vector<NamedParameter> Module::named_parameters() const {
  std::vector<NamedParameter> result;
  for (std::size_t k = 0; k < parameters_.size(); ++k) result.push_back({layout_->names[k], parameters_[k]});
  return result;
}

void Module::zero_grad() const {
  for (const Var& parameter : parameters_) parameter.zero_grad();
}

void Module::freeze() const {
  for (const Var& parameter : parameters_) parameter.node()->frozen = true;
}

void Module::unfreeze() const {
  for (const Var& parameter : parameters_) parameter.node()->frozen = false;
}

void Module::to(Device device) {
  require_available(device);
  refuse_in_capture("to");
  if (values_.empty() || values_.whole()->device == device) return;
  if (values_.whole()->whole) fail("to ", device, ": this module is part of another one; move that");
  if (values_.whole()->sealed) {
    fail("to ", device,
         ": an optimiser or a capture relies on where this module's parameters are; move it before they are made");
  }
  values_.move_to(device);
  gradients_.move_to(device);
  for (const Var& parameter : parameters_) parameter.node()->device = device;
  layout_ = layout_->on(device);
}

Weights Module::detach(const char* file, int line) const {
  if (values_.empty()) fail("detach: this module has no parameters");
  if (!Inspect::active()) return {values_.flat(), layout_};
  std::vector<Ref<Node>> from;
  for (const Var& parameter : parameters_) from.push_back(parameter.node());
  const Ref<Cut> cut(new Cut(Cut::Kind::detach, std::move(from), {file, line}, "all parameters"));
  return {values_.flat().with_cut(cut), layout_};
}

void Module::assign(const Weights& weights) const {
  const Weights own = detach();
  own.require_same_topology("assign", weights);
  own.flat().assign(weights.flat());
}

}  // namespace wengert::nn
