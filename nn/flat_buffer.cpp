#include "nn/flat_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "kernels/memory.hpp"

namespace wengert::nn {
namespace {

char* bytes_of(const Storage& storage) { return static_cast<char*>(storage.data); }

void copy_bytes(void* to, const Storage& from) {
  if (from.numel > 0) std::memcpy(to, from.data, from.bytes());
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
  const Ref<Storage> grown = Storage::make(whole_->numel + part->numel, whole_->dtype, whole_->device);
  char* const to_whole = bytes_of(*grown);
  char* const to_part = to_whole + whole_->bytes();
  copy_bytes(to_whole, *whole_);
  copy_bytes(to_part, *part);

  for (const Ref<Storage>& range : ranges_) range->data = to_whole + (bytes_of(*range) - bytes_of(*whole_));
  for (const Ref<Storage>& range : below) range->data = to_part + (bytes_of(*range) - bytes_of(*part));
  std::swap(whole_->data, grown->data);  // the old block goes with `grown`
  std::swap(whole_->numel, grown->numel);
  release(part->data, part->bytes());
  part->data = to_part;
  part->whole = whole_;
  ranges_.push_back(part);
  ranges_.insert(ranges_.end(), below.begin(), below.end());
}

bool FlatBuffer::holds(const Storage* storage) const {
  return std::ranges::any_of(ranges_, [=](const Ref<Storage>& range) { return range.get() == storage; });
}

}  // namespace wengert::nn
