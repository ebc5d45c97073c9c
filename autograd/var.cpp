#include "autograd/var.hpp"

#include <ostream>

#include "autograd/observer.hpp"
#include "autograd/recorder.hpp"

namespace wengert {

Var Var::parameter(const Tensor& value) {
  require_defined("parameter", "the value", value);
  if (value.dtype() == DType::i32) fail("parameter: an int32 tensor has no gradient; use float32 or float64");
  Ref<Node> leaf(new Node("parameter", Where{}, value));
  leaf->is_leaf = true;
  return {value, std::move(leaf)};
}

Tensor Var::detach(const char* file, int line) const {
  require_defined("detach", "this", *this);
  if (!node_) return value_;
  Ref<Tag> tag = notify(&Observer::detached, std::span(&node_, 1), Where{file, line}, "");
  return tag ? value_.with_tag(std::move(tag)) : value_;
}

std::optional<Tensor> Var::grad() const {
  require_defined("grad", "this", *this);
  if (!node_) fail("grad: this Var is a constant, so no gradient can reach it; make it with Var::parameter");
  if (!node_->is_leaf && !node_->notes) {
    fail("grad: this Var is the result of ", node_->op, "; to have its gradient kept give it a name: named(\"h\", h)");
  }
  if (!node_->has_gradient) return std::nullopt;
  return node_->gradient;
}

void Var::zero_grad() const {
  require_defined("zero_grad", "this", *this);
  if (!node_) return;
  node_->has_gradient = false;
  notify(&Observer::zeroed, *node_);
  if (Recorder* const recorder = Recorder::current(); recorder && node_->is_leaf) recorder->cleared(*node_);
}

Var named(std::string name, const Var& var) {
  require_defined("named", "the value", var);
  if (var.node()) {
    var.node()->note().name = std::move(name);
  } else {
    named(std::move(name), var.detach());
  }
  return var;
}

Tensor named(std::string name, const Tensor& constant) {
  require_defined("named", "the value", constant);
  constant.storage()->name = std::make_unique<std::string>(std::move(name));
  return constant;
}

std::ostream& operator<<(std::ostream& out, const Var& var) { return out << var.value_; }

}  // namespace wengert
