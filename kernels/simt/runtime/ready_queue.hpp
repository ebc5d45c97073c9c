// Threads that can go on, in the order of their turns.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/simt/runtime/job.hpp"

namespace simt::detail {

class ReadyQueue {
 public:
  bool empty() const { return count_ == 0; }
  void clear() { count_ = 0; }
  void push(unsigned thread) { threads_[(first_ + count_++) % largest_block] = static_cast<std::uint16_t>(thread); }
  unsigned pop() {
    const unsigned thread = threads_[first_];
    first_ = (first_ + 1) % largest_block;
    --count_;
    return thread;
  }

 private:
  std::array<std::uint16_t, largest_block> threads_;  // each thread at most once
  unsigned first_ = 0, count_ = 0;
};

}  // namespace simt::detail
