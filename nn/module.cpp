#include "nn/module.hpp"

#include <algorithm>
#include <mutex>

#include "autograd/observer.hpp"
#include "autograd/recorder.hpp"
#include "kernels/devices/devices.hpp"
#include "nn/names.hpp"

namespace wengert::nn {
namespace {

Ref<Storage> storage_of(const Var& parameter) { return parameter.detach().storage(); }

bool is_part(const Storage& storage, const Storage* whole) {
  for (const Storage* s = storage.whole.get(); s; s = s->whole.get()) {
    if (s == whole) return true;
  }
  return false;
}

}  // namespace

struct Module::LazyLayout {
  std::once_flag made;
  std::shared_ptr<const Layout> layout;
};

Module::Module() { changed(); }

void Module::take(Module&& other) noexcept {
  values_ = std::move(other.values_);
  gradients_ = std::move(other.gradients_);
  is_part_ = other.is_part_;
  parameters_ = std::move(other.parameters_);
  names_ = std::move(other.names_);
  own_names_ = std::move(other.own_names_);
  layout_ = std::move(other.layout_);
}

void Module::changed() { layout_ = std::make_shared<LazyLayout>(); }

std::shared_ptr<const Layout> Module::layout() const {
  std::call_once(layout_->made, [this] {
    std::vector<Shape> shapes;
    for (const Var& parameter : parameters_) shapes.push_back(parameter.shape());
    layout_->layout = std::make_shared<const Layout>(names_, std::move(shapes), values_.whole()->device);
  });
  return layout_->layout;
}

void Module::refuse_broken(const char* what) {
  fail(what,
       ": this module was moved from, or an error kept a part from being added. Use the one that it was moved to, or "
       "make it anew");
}

void Module::check_can_add(const std::string& name) const {
  require_present("add");
  refuse_in_capture("add");
  require_name("add", name);
  if (name.find('.') != std::string::npos) {
    fail("add: '", name, "' is no name for a part: dots stand between the names of nested parts");
  }
  if (own_names_.contains(name)) fail("add: this module has a '", name, "' already");
  if (is_part_) fail("add '", name, "': this module is part of another one already and cannot grow");
  if (!values_.empty() && values_.whole()->sealed) {
    fail("add '", name,
         "': an optimiser or a capture relies on where this module's parameters are; add all parts first");
  }
}

bool Module::has(const Var& parameter) const {
  return is_part(*storage_of(parameter), values_.whole().get()) &&
         std::ranges::any_of(parameters_, [&](const Var& own) { return own.node() == parameter.node(); });
}

void Module::enter(const std::string& name, const Var& parameter) {
  parameter.node()->note().name = name;
  storage_of(parameter)->name = std::make_unique<std::string>(name);
  parameters_.push_back(parameter);
  names_.push_back(name);
}

Var Module::add(const std::string& name, const Tensor& initial) {
  if (!initial.defined()) fail("add '", name, "': the tensor with the initial values is undefined");
  return add(name, Var::parameter(initial.clone()));
}

Var Module::add(const std::string& name, const Var& parameter) {
  check_can_add(name);
  Node* const leaf = parameter.node().get();
  require_defined(("add '" + name + "'").c_str(), "the parameter", parameter);
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
  if (!leaf->gradient.defined()) {
    leaf->gradient = Tensor::zeros(leaf->shape, leaf->dtype, leaf->device);
  } else if (leaf->gradient.storage()->whole) {
    leaf->gradient = leaf->gradient.clone();
  }
  values_.require_fits(*storage);
  layout_ = nullptr;  // until it is whole again
  values_.append(parameter.detach());
  gradients_.append(leaf->gradient);
  enter(name, parameter);
  own_names_.insert(name);
  changed();
  return parameter;
}

void Module::adopt(const std::string& name, Module& child) {
  check_can_add(name);
  child.require_present(("add '" + name + "'").c_str());
  if (child.is_part_) fail("add '", name, "': that module is part of another one already");
  if (!child.values_.empty() && child.values_.whole()->sealed) {
    fail("add '", name, "': an optimiser or a capture relies on where its parameters are; add it first");
  }
  if (!child.values_.empty()) values_.require_fits(*child.values_.whole());
  layout_ = nullptr;  // until it is whole again
  values_.append(child.values_);
  gradients_.append(child.gradients_);
  for (std::size_t k = 0; k < child.parameters_.size(); ++k) {
    enter(name + "." + child.names_[k], child.parameters_[k]);
  }
  own_names_.insert(name);
  child.is_part_ = true;
  changed();
}

std::vector<NamedParameter> Module::named_parameters() const {
  std::vector<NamedParameter> result;
  for (std::size_t k = 0; k < parameters().size(); ++k) result.push_back({names_[k], parameters_[k]});
  return result;
}

void Module::zero_grad() const {
  for (const Var& parameter : parameters()) parameter.zero_grad();
}

void Module::freeze() const {
  for (const Var& parameter : parameters()) parameter.node()->frozen = true;
}

void Module::unfreeze() const {
  for (const Var& parameter : parameters()) parameter.node()->frozen = false;
}

void Module::to(Device device) {
  require_present("to");
  require_available(device);
  refuse_in_capture("to");
  if (values_.empty() || values_.whole()->device == device) return;
  if (is_part_) fail("to ", device, ": this module is part of another one; move that");
  if (values_.whole()->sealed) {
    fail("to ", device,
         ": an optimiser or a capture relies on where this module's parameters are; move it before they are made");
  }
  const Tensor values = values_.copy_on(device), gradients = gradients_.copy_on(device);
  changed();
  values_.move_to(values);
  gradients_.move_to(gradients);
  for (const Var& parameter : parameters_) parameter.node()->device = device;
}

Weights Module::detach(const char* file, int line) const {
  require_present("detach");
  if (values_.empty()) fail("detach: this module has no parameters");
  if (!Observer::first()) return {values_.flat(), layout()};
  std::vector<Ref<Node>> from;
  for (const Var& parameter : parameters_) from.push_back(parameter.node());
  Ref<Tag> tag = notify(&Observer::detached, std::span<const Ref<Node>>(from), Where{file, line}, "all parameters");
  return {values_.flat().with_tag(std::move(tag)), layout()};
}

void Module::assign(const Weights& weights) const {
  const Weights own = detach();
  own.require_same_topology("assign", weights);
  own.flat().assign(weights.flat());
}

}  // namespace wengert::nn
