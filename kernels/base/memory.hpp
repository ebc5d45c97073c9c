// The pool that tensors and tape nodes come from: in a steady-state training step nothing reaches malloc.
#pragma once

#include <cstddef>
#include <vector>

namespace wengert {

/// Uninitialised memory, 64-byte aligned. Error: there is not as much. Small and middling blocks are kept by the thread that frees them, up to a
/// bound, and handed out again. Under the sanitizers every block is a plain malloc, so that they see each use after
/// free.
void* allocate(std::size_t bytes);

/// What the machine has of it, swap space included. To ask for more is an error at once: a system that overcommits would
/// grant it, and end the program when the block is written.
std::size_t machine_memory();

/// Gives back what allocate(bytes) returned, from any thread.
void release(void* block, std::size_t bytes) noexcept;

/// The bytes that this thread's pool keeps for reuse; at most pool_limit.
std::size_t pooled_bytes();
inline constexpr std::size_t pool_limit = std::size_t{64} << 20;

/// std::vector and friends on the pool.
template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <class U>
  explicit PoolAllocator(const PoolAllocator<U>&) {}
  // NOLINTBEGIN(bugprone-sizeof-expression): T may well be a pointer
  T* allocate(std::size_t n) { return static_cast<T*>(wengert::allocate(n * sizeof(T))); }
  void deallocate(T* block, std::size_t n) noexcept { wengert::release(block, n * sizeof(T)); }
  // NOLINTEND(bugprone-sizeof-expression)
  template <class U>
  bool operator==(const PoolAllocator<U>&) const {
    return true;
  }
};
template <class T>
using PoolVector = std::vector<T, PoolAllocator<T>>;

}  // namespace wengert
