#include "autograd/tensor.hpp"

#include "autograd/launch.hpp"
#include "kernels/devices/memory.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert {
namespace {

std::vector<double> values_of(std::initializer_list<Tensor::AnyNumber> numbers) {
  std::vector<double> values;
  for (const Tensor::AnyNumber& number : numbers) values.push_back(number.value);
  return values;
}

}  // namespace

Tensor Tensor::empty(const Shape& shape, DType dtype, Device device) try {
  return {Storage::make(shape.numel(), dtype, device), shape};
} catch (const Error& error) {
  fail("a tensor of shape ", shape, ": ", error.what());
}

Tensor Tensor::full(const Shape& shape, double value, DType dtype, Device device) {
  Tensor result = empty(shape, dtype, device);
  dispatch(dtype, [&](auto zero) {
    using T = decltype(zero);
    launch<&kernels::fill<T>>(result.numel(), number_as<T>("full", value), result);
  });
  return result;
}
Tensor Tensor::zeros(const Shape& shape, DType dtype, Device device) { return full(shape, 0, dtype, device); }
Tensor Tensor::ones(const Shape& shape, DType dtype, Device device) { return full(shape, 1, dtype, device); }

Tensor Tensor::from(std::initializer_list<AnyNumber> values, const Shape& shape, DType dtype) {
  return from(values_of(values), shape, dtype);
}

Tensor Tensor::constants(std::span<const std::int32_t> values, Device device) {
  Tensor result = empty({static_cast<std::int64_t>(values.size())}, DType::i32, device);
  copy_bytes(device, result.storage_->data, Device{}, values.data(), values.size_bytes());
  return result;
}

void Tensor::assign(std::initializer_list<AnyNumber> values) const { assign(values_of(values)); }

Tensor Tensor::to(Device device) const {
  require_defined("to", "this", *this);
  if (device == this->device()) return *this;
  check_readable("to another device");
  Tensor result = empty(shape_, dtype(), device);
  result.copy_across(*this);
  result.tag_ = tag_;
  return result;
}

Tensor Tensor::to(DType dtype) const {
  require_defined("to", "this", *this);
  if (dtype == this->dtype()) return *this;
  Tensor result = empty(shape_, dtype, device());
  dispatch(this->dtype(), [&](auto from) {
    dispatch(dtype, [&](auto to) { launch<&kernels::convert<decltype(from), decltype(to)>>(numel(), *this, result); });
  });
  result.tag_ = tag_;
  return result;
}

Tensor Tensor::clone() const {
  require_defined("clone", "this", *this);
  Tensor result = empty(shape_, dtype(), device());
  result.assign(*this);
  result.tag_ = tag_;
  return result;
}

void Tensor::assign(const Tensor& values) const {
  require_defined("assign", "this", *this);
  require_defined("assign", "the other", values);
  if (values.shape() != shape_ || values.dtype() != dtype()) {
    fail("assign: this tensor is ", dtype(), " ", shape_, " but the values are ", values.dtype(), " ", values.shape());
  }
  if (values.device() != device()) {
    check_readable("assign from another device");
    return copy_across(values);
  }
  dispatch(dtype(), [&](auto zero) { launch<&kernels::copy<decltype(zero)>>(numel(), values, *this); });
}

void Tensor::copy_to_host(void* to) const { copy_bytes(Device{}, to, device(), storage_->data, bytes()); }

void Tensor::copy_across(const Tensor& from) const {
  copy_bytes(device(), storage_->data, from.device(), from.storage_->data, bytes());
  storage_->wrote(typeid(Tensor));
}

Tensor Tensor::viewed_as(const Shape& shape) const {
  require_defined("a view", "this", *this);
  if (shape.numel() != numel()) fail("a view: the shape ", shape, " has other elements than ", shape_);
  Tensor view(storage_, shape);
  view.tag_ = tag_;
  return view;
}

Tensor Tensor::with_tag(Ref<Tag> tag) const {
  Tensor result = *this;
  result.tag_ = std::move(tag);
  return result;
}

void Tensor::wrong_count(const char* what, std::size_t got, const Shape& shape) {
  fail(what, ": the shape ", shape, " takes ", shape.numel(), " values, got ", got);
}

void Tensor::read_one(const char* what) const {
  check_readable(what);
  if (numel() != 1) fail(what, ": takes a tensor of one element, got shape ", shape_, "; use to_vector()");
}

void Tensor::check_readable(const char* what) const {
  require_defined(what, "this", *this);
  refuse_in_capture(what);
}

}  // namespace wengert
