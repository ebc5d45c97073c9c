#include "nn/flat_buffer.hpp"

#include <algorithm>

#include "kernels/devices/run.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert::nn {
namespace {

// Copies all of one storage into another, from element `offset` on. Versions stay: every handle still sees the same
// numbers.
void copy_into(const Storage& to, std::int64_t offset, const Storage& from) {
  dispatch(from.dtype, [&](auto zero) {
    using T = decltype(zero);
    kernels::run<&kernels::copy<T>>(kernels::stream_of(from.device), nullptr, from.numel,
                                    static_cast<const T*>(from.data),
                                    kernels::written(static_cast<T*>(to.data) + offset));
  });
}

}  // namespace

void FlatBuffer::require_fits(const Storage& part) const {
  if (!whole_) return;
  if (part.dtype != whole_->dtype) {
    fail("add: a module's parameters have one dtype, here ", whole_->dtype, ", but this one is ", part.dtype,
         "; convert it with .to(dtype)");
  }
  if (part.device != whole_->device) {
    fail("add: a module's parameters are on one device, here ", whole_->device, ", but this one is on ", part.device,
         "; move it with .to(device)");
  }
}

void FlatBuffer::append(const Ref<Storage>& part) {
  require_fits(*part);
  if (!whole_) whole_ = Storage::make(0, part->dtype, part->device);
  const std::int64_t before = whole_->numel;
  const bool is_first = before == 0 && !whole_->has_parts();
  if (is_first) {
    part->trade_memory(*whole_);  // its block serves as it is
  } else {
    reserve(before + part->numel);
    copy_into(*whole_, before, *part);
  }
  try {
    part->become_part_of(whole_, before);
  } catch (...) {
    if (is_first) part->trade_memory(*whole_);
    throw;
  }
  whole_->resize(before + part->numel);
}

void FlatBuffer::reserve(std::int64_t numel) {
  if (numel <= whole_->capacity()) return;
  const Ref<Storage> grown =
      Storage::make(std::max(numel, whole_->capacity() + whole_->capacity() / 2), whole_->dtype, whole_->device);
  copy_into(*grown, 0, *whole_);
  whole_->trade_memory(*grown);  // the old block goes with `grown`
}

Tensor FlatBuffer::copy_on(Device device) const {
  Tensor copy = Tensor::empty({numel()}, whole_->dtype, device);
  copy.assign(flat());
  copy.storage()->make_kin();
  return copy;
}

void FlatBuffer::move_to(const Tensor& copy) noexcept { whole_->trade_memory(*copy.storage()); }

}  // namespace wengert::nn
