// A stack that code can leave in the middle, and come back to.
#pragma once

#include <ucontext.h>

#include <cstddef>
#include <memory>

#include "kernels/simt/options.hpp"

namespace simt::detail {

// Below each stack lies memory that cannot be touched. A thread of a device has at most 512 KiB of local memory: whatever
// array a kernel can have, on overflow it reaches into this and not past it.
inline constexpr std::size_t guard_bytes = std::size_t{512} << 10;

class Fiber {
 public:
  /// The stack that the caller runs on.
  explicit Fiber(Fibers kind);
  /// A new stack. `number` staggers its top: the busy ends of all stacks would else share a few sets of the cache.
  Fiber(Fibers kind, std::size_t stack_bytes, unsigned number);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// The next switch to this fiber calls `entry`, on an empty stack. The entry must not return, and begins with
  /// arrive(). What else was on the stack will not go on.
  void start(void (*entry)());
  void arrive();
  /// Stops here, and goes on where `next` stopped.
  void switch_to(Fiber& next);
  /// What is on the stack will not go on.
  void abandon();

  const void* lowest() const { return lowest_; }
  const void* end() const { return static_cast<const std::byte*>(lowest_) + bytes_; }
  bool guard_holds(const void* address) const;

 private:
  const void* lowest_ = nullptr;  // the stack's, above the guard
  std::size_t bytes_ = 0;
  std::byte* top_ = nullptr;             // where it is empty
  void* stopped_at_ = nullptr;           // the stack pointer
  std::unique_ptr<ucontext_t> context_;  // in its place where the C library switches
  void* fake_stack_ = nullptr;           // of the address sanitizer
};

}  // namespace simt::detail
