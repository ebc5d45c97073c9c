#include "nn/flat_buffer.hpp"

#include <algorithm>
#include <utility>

namespace wengert::nn {
namespace {

char* bytes_of(const Storage& storage) { return static_cast<char*>(storage.data); }

// Copies all of one storage into another, from element `offset` on.
void copy_into(const Ref<Storage>& to, std::int64_t offset, const Ref<Storage>& from) {
  const Shape shape{from->numel};
  Tensor(Storage::part_of(to, offset, from->numel), shape).assign(Tensor(from, shape));
}

}  // namespace

void FlatBuffer::append(const Tensor& tensor) { append(tensor.storage(), {}); }

void FlatBuffer::append(const FlatBuffer& part) {
  if (!part.empty()) append(part.whole_, part.ranges_);
}

void FlatBuffer::append(const Ref<Storage>& part, std::span<const Ref<Storage>> below) {
  if (!whole_) whole_ = Storage::make(0, part->dtype, part->device);
  if (part->dtype != whole_->dtype) {
    fail("add: a module's parameters have one dtype, here ", whole_->dtype, ", but this one is ", part->dtype,
         "; convert it with .to(dtype)");
  }
  if (part->device != whole_->device) {
    fail("add: a module's parameters are on one device, here ", whole_->device, ", but this one is on ", part->device,
         "; move it with .to(device)");
  }
  const Ref<Storage> grown = Storage::make(whole_->numel + part->numel, whole_->dtype, whole_->device);
  char* const to_whole = bytes_of(*grown);
  char* const to_part = to_whole + whole_->bytes();
  copy_into(grown, 0, whole_);
  copy_into(grown, whole_->numel, part);

  for (const Ref<Storage>& range : ranges_) range->data = to_whole + (bytes_of(*range) - bytes_of(*whole_));
  for (const Ref<Storage>& range : below) range->data = to_part + (bytes_of(*range) - bytes_of(*part));
  std::swap(whole_->data, grown->data);  // the old block goes with `grown`
  std::swap(whole_->numel, grown->numel);
  part->give_back();
  part->data = to_part;
  part->whole = whole_;
  ranges_.push_back(part);
  ranges_.insert(ranges_.end(), below.begin(), below.end());
}

void FlatBuffer::move_to(Device device) {
  if (empty() || whole_->device == device) return;
  const Ref<Storage> moved = Storage::make(whole_->numel, whole_->dtype, device);
  copy_into(moved, 0, whole_);
  for (const Ref<Storage>& range : ranges_) {
    range->data = bytes_of(*moved) + (bytes_of(*range) - bytes_of(*whole_));
    range->device = device;
  }
  std::swap(whole_->data, moved->data);  // the old block goes with `moved`
  std::swap(whole_->device, moved->device);
}

bool FlatBuffer::holds(const Storage* storage) const {
  return std::ranges::any_of(ranges_, [=](const Ref<Storage>& range) { return range.get() == storage; });
}

}  // namespace wengert::nn
