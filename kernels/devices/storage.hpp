// A block of memory on a device, the parts of it, and the counters that tell whether they changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <typeinfo>

#include "kernels/base/device.hpp"
#include "kernels/base/dtype.hpp"
#include "kernels/base/memory.hpp"
#include "kernels/base/refcount.hpp"

namespace wengert {

struct Storage;

/// What a storage knows of its parts, and of other parts of the same whole. Most storages have none of it.
struct Kin {
  Kin();
  ~Kin();
  std::uint64_t part_writes = 0;  ///< through parts of the storage, and through those that it overlaps
  PoolVector<Storage*> overlaps;  ///< parts that share elements with it, where neither is a part of the other
  std::int64_t spare = 0;         ///< how many elements more its memory has room for
  struct Parts;
  std::unique_ptr<Parts> parts;     ///< if it owns its memory: all its parts, at any depth, that are alive
  std::atomic_flag parts_in_use{};  ///< held while `parts` and their `overlaps` change: threads may share a model

  static void* operator new(std::size_t bytes) { return allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) noexcept { release(block, bytes); }
};

/// A block of one dtype on one device. It owns its memory, or is a part of another storage: a parameter is a part of
/// its module's flat buffer, which is a part of the parent module's. Handles point at the Storage, not at the memory,
/// so that they follow when a growing buffer moves.
struct Storage {
  Storage() = default;
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  RefCount references;
  DType dtype = DType::f32;
  Device device;
  /// Somebody relies on the address, as a capture does: it must not move. Atomic: threads may capture one frozen model.
  std::atomic<bool> sealed = false;
  std::int64_t numel = 0;
  void* data = nullptr;
  Ref<Storage> whole;  ///< what this is a part of
  std::uint64_t writes = 0;
  std::atomic<Kin*> kin = nullptr;              ///< made when it is first needed, by any thread
  std::unique_ptr<std::string> name;            ///< a parameter's, for messages
  const std::type_info* last_writer = nullptr;  ///< to this or to a part of it, for messages: see wrote

  static Ref<Storage> make(std::int64_t numel, DType, Device);
  /// Elements [offset, offset + numel) of `whole`: the part that is there already, if one is exactly these elements.
  /// Error: not all of them are elements of the whole.
  static Ref<Storage> part_of(const Ref<Storage>& whole, std::int64_t offset, std::int64_t numel);

  /// Makes this storage, which owns its memory, and its parts a part of `whole`, from element `offset` on, where the same
  /// contents must be already and no other part may be.
  void become_part_of(const Ref<Storage>& new_whole, std::int64_t offset);
  /// Exchanges memory, room and device with `other`, which has no parts; the parts of this one follow.
  void trade_memory(Storage& other);
  bool has_parts() const;
  /// How many elements there is memory for, where this owns it.
  std::int64_t capacity() const;
  /// Makes this, which owns its memory, that many elements long. There must be room.
  void resize(std::int64_t new_numel);
  Kin& make_kin();  ///< its own, made if there is none

  /// Notes that the contents changed. Two counters: writing a part neither changes its neighbours' version nor escapes
  /// those who saved the whole. `by`: a kernel's KernelName (kernels/base/named_kernel.hpp), or the class that wrote without one.
  void wrote(const std::type_info& by) {
    ++writes;
    last_writer = &by;
    if (!whole) return;
    const auto in_part = [&](Storage& s) {
      ++s.own_kin()->part_writes;
      s.last_writer = &by;
    };
    for (Storage* s = whole.get(); s; s = s->whole.get()) in_part(*s);
    if (const Kin* const own = own_kin()) {
      for (Storage* s : own->overlaps) in_part(*s);
    }
  }
  /// How often it changed through its parts, and through parts that overlap it.
  std::uint64_t part_writes() const {
    const Kin* const own = own_kin();
    return own ? own->part_writes : 0;
  }
  /// Grows with each write to an element of this storage, through whichever handle, and with no other.
  std::uint64_t version() const {
    std::uint64_t sum = writes + part_writes();
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

 private:
  class PartsLock;
  Kin* own_kin() const { return kin.load(std::memory_order_acquire); }
  Storage& owner();
  void give_back() noexcept;
};

void destroy(Storage*);

}  // namespace wengert
