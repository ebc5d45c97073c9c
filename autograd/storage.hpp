// The memory behind a tensor, and the counters that tell whether it changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <typeinfo>

#include "autograd/inspect/hooks.hpp"
#include "kernels/device.hpp"
#include "kernels/dtype.hpp"
#include "kernels/refcount.hpp"

namespace wengert {

/// A block of one dtype on one device. It owns its memory, or is a part of another storage: a parameter is a part of
/// its module's flat buffer, which is a part of the parent module's. Handles point at the Storage, not at the memory,
/// so that they follow when a growing buffer moves.
struct Storage {
  RefCount references;
  DType dtype = DType::f32;
  Device device;
  /// An optimiser or a capture relies on the address: it must not move. Atomic: threads may capture one frozen model.
  std::atomic<bool> sealed = false;
  std::int64_t numel = 0;
  void* data = nullptr;
  Ref<Storage> whole;  ///< what this is a part of
  std::uint64_t writes = 0, part_writes = 0;
  std::unique_ptr<std::string> name;            ///< a parameter's, for messages
  const std::type_info* last_writer = nullptr;  ///< to this or to a part of it, for messages: see wrote

  static Ref<Storage> make(std::int64_t numel, DType, Device);
  /// Elements [offset, offset + numel) of `whole`.
  static Ref<Storage> part_of(const Ref<Storage>& whole, std::int64_t offset, std::int64_t numel);

  /// Notes that the contents changed. Two counters: writing a part neither changes its neighbours' version nor escapes
  /// those who saved the whole. `by`: a kernel's KernelName (kernels/backend.hpp), or the class that wrote without one.
  void wrote(const std::type_info& by) {
    ++writes;
    if constexpr (has_inspect) last_writer = &by;
    for (Storage* s = whole.get(); s; s = s->whole.get()) {
      ++s->part_writes;
      if constexpr (has_inspect) s->last_writer = &by;
    }
  }
  /// Grows with each write to this storage, to a part of it, or to the whole it belongs to as a whole.
  std::uint64_t version() const {
    std::uint64_t sum = writes + part_writes;
    for (const Storage* s = whole.get(); s; s = s->whole.get()) sum += s->writes;
    return sum;
  }
  /// From now on this memory and all that it is a part of stays where it is.
  void seal() {
    for (Storage* s = this; s; s = s->whole.get()) s->sealed.store(true, std::memory_order_relaxed);
  }

  std::size_t bytes() const { return static_cast<std::size_t>(numel) * size_of(dtype); }
  static void* operator new(std::size_t bytes);
  static void operator delete(void* block, std::size_t bytes) noexcept;
  /// Lets go of the memory, if it is this storage's own.
  void give_back() noexcept;
  ~Storage() { give_back(); }
};

void destroy(Storage*);

}  // namespace wengert
