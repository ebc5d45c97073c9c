// One contiguous block for many tensors: what makes an optimiser step one pass and a model's copy one copy.
#pragma once

#include <cstdint>

#include "autograd/tensor.hpp"

namespace wengert::nn {

/// Grows as tensors are appended, like a vector: with spare room behind its contents, so that what is appended is copied
/// a fixed number of times on average. The tensors' handles, and views of any part of them, follow when it moves. There
/// is no padding between neighbours.
class FlatBuffer {
 public:
  /// Moves the tensor's contents, which own their memory, to the end of this buffer; its Storage becomes a range of it.
  /// Errors: another dtype or device.
  void append(const Tensor& tensor) { append(tensor.storage()); }
  /// The same for a whole buffer. Its ranges, at any depth, become ranges of this one.
  void append(const FlatBuffer& part) {
    if (!part.empty()) append(part.whole_);
  }

  /// Moves the contents to the device's memory; the handles follow.
  void move_to(Device device);

  bool empty() const { return !whole_; }
  std::int64_t numel() const { return whole_ ? whole_->numel : 0; }
  const Ref<Storage>& whole() const { return whole_; }
  Tensor flat() const { return {whole_, {numel()}}; }

 private:
  void append(const Ref<Storage>& part);
  void reserve(std::int64_t numel);

  Ref<Storage> whole_;
};

}  // namespace wengert::nn
