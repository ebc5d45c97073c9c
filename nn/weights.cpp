#include "nn/weights.hpp"

#include <algorithm>
#include <limits>

#include "autograd/inspect/cut.hpp"
#include "autograd/node.hpp"

namespace wengert::nn {
namespace {

void require_place(std::size_t k, std::size_t size) {
  if (k >= size) fail("weights: parameter ", k, " was asked for, and there are ", size);
}

}  // namespace

Layout::Layout(std::vector<std::string> all_names, std::vector<Shape> all_shapes, Device device)
    : names(std::move(all_names)), shapes(std::move(all_shapes)), offsets{0} {
  for (const Shape& shape : shapes) offsets.push_back(offsets.back() + shape.numel());
  if (offsets.back() > std::numeric_limits<std::int32_t>::max()) return;
  segments = Tensor::constants(std::vector<std::int32_t>(offsets.begin(), offsets.end()), device);
  one_segment = Tensor::constants({0, static_cast<std::int32_t>(offsets.back())}, device);
}

Weights::Weights(const Tensor& flat, std::shared_ptr<const Layout> layout) : flat_(flat), layout_(std::move(layout)) {
  if (!layout_) fail("weights: there is no layout");
  if (!flat_.defined() || flat_.shape().rank() != 1 || flat_.numel() != layout_->offsets.back()) {
    fail("weights: a tensor of shape ", Shape{layout_->offsets.back()}, " is needed for this layout",
         flat_.defined() ? "" : ", not an undefined one");
  }
}

std::int64_t Layout::numel(std::size_t k) const {
  require_place(k, size());
  return offsets[k + 1] - offsets[k];
}

const std::string& Weights::name(std::size_t k) const {
  require_place(k, size());
  return layout_->names[k];
}

Tensor Weights::operator[](std::size_t k) const {
  require_place(k, size());
  const Tensor part(Storage::part_of(flat_.storage(), layout_->offsets[k], layout_->numel(k)), layout_->shapes[k]);
  const Cut* const whole = cut_of(flat_);
  if (!whole || whole->from.size() != size()) return part.with_tag(flat_.tag());
  return part.with_tag(Ref<Tag>(new Cut(whole->kind, {whole->from[k]}, whole->where, "")));
}

Tensor Weights::operator[](const std::string& name) const {
  const auto found = std::ranges::find(layout_->names, name);
  if (found == layout_->names.end()) fail("weights: no parameter is called '", name, "'");
  return (*this)[static_cast<std::size_t>(found - layout_->names.begin())];
}

void Weights::require_same_topology(const char* what, const Weights& other) const {
  if (layout_ == other.layout_) return;
  for (std::size_t k = 0; k < std::min(size(), other.size()); ++k) {
    if (name(k) != other.name(k) || layout_->shapes[k] != other.layout_->shapes[k]) {
      fail(what, ": the models differ in parameter ", k, ": '", name(k), "' ", layout_->shapes[k], " against '",
           other.name(k), "' ", other.layout_->shapes[k]);
    }
  }
  if (size() != other.size()) fail(what, ": one model has ", size(), " parameters, the other ", other.size());
  if (flat_.dtype() != other.flat_.dtype()) {
    fail(what, ": one model is ", flat_.dtype(), ", the other ", other.flat_.dtype());
  }
}

}  // namespace wengert::nn
