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
  /// Error: another dtype or device than what is there.
  void require_fits(const Storage& part) const;
  /// Moves the tensor's contents, which own their memory, to the end of this buffer; its Storage becomes a range of it.
  /// Errors: as require_fits; no memory.
  void append(const Tensor& tensor) { append(tensor.storage()); }
  /// The same for a whole buffer. Its ranges, at any depth, become ranges of this one.
  void append(const FlatBuffer& part) {
    if (!part.empty()) append(part.whole_);
  }

  /// The contents on the device, for move_to. It must not be empty.
  Tensor copy_on(Device device) const;
  /// The copy's memory becomes this buffer's, and the copy gets the old one; the handles follow. Asks for no memory.
  void move_to(const Tensor& copy) noexcept;

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
