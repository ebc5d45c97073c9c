// One contiguous block for many tensors: what makes an optimiser step one pass and a model's copy one copy.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "autograd/tensor.hpp"

namespace wengert::nn {

/// Grows as tensors are appended, like a vector; but the tensors' handles follow when it moves, because each keeps its
/// own Storage object, which is pointed at the new place. There is no padding between neighbours.
class FlatBuffer {
 public:
  /// Moves the tensor's contents to the end of this buffer; its Storage becomes a range of it. Error: another dtype.
  void append(const Tensor& tensor);
  /// The same for a whole buffer. Its ranges, at any depth, become ranges of this one.
  void append(const FlatBuffer& part);

  /// Moves the contents to the device's memory; the handles follow.
  void move_to(Device device);

  bool empty() const { return !whole_; }
  std::int64_t numel() const { return whole_ ? whole_->numel : 0; }
  const Ref<Storage>& whole() const { return whole_; }
  Tensor flat() const { return {whole_, {numel()}}; }
  /// Whether the storage is one of this buffer's ranges.
  bool holds(const Storage* storage) const;

 private:
  void append(const Ref<Storage>& part, std::span<const Ref<Storage>> below);

  Ref<Storage> whole_;
  std::vector<Ref<Storage>> ranges_;  // all that lie in this block: parts, and parts of parts
};

}  // namespace wengert::nn
