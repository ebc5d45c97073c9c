// A kernel on a device cannot throw. One that meets a bad index reports it, and the next download throws the op's error.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <simt.hpp>
#include "kernels/gpu/device_memory.hpp"

namespace wengert::kernels::gpu {

/// What a kernel is given to report by: report(index). Any thread may, and the smallest index is kept.
struct Report {
  unsigned long long* word;
  unsigned op;

  // Out of line: inlined into cross_entropy's kernels it costs them registers.
  [[gnu::noinline]] __device__ void operator()(int index) const {
    atomicMin(word, static_cast<unsigned long long>(op) << 32 | static_cast<unsigned>(index));
  }
};

/// A word on the device that holds the smallest (op, index) reported since the last download. If several ops report, only
/// one of them is thrown. Like the stream, it is used by one thread at a time.
class ErrorWord {
 public:
  using Word = unsigned long long;
  static constexpr Word none = ~Word{0};

  /// Throws the op's error, which says the index.
  using Thrower = void (*)(std::int64_t index);

  explicit ErrorWord(simt::Stream queue)
      : queue_(queue), word_(static_cast<Word*>(device_memory(queue, sizeof(Word)))) {
    clear();
  }

  /// For a launch: what its kernel reports by, and what then throws. Ops have numbers in order of first use.
  Report report(Thrower error) {
    const auto known = std::find(ops_.begin(), ops_.end(), error);
    const auto op = static_cast<unsigned>(known - ops_.begin());
    if (known == ops_.end()) ops_.push_back(error);
    return {word_, op};
  }

  /// Where it lies on the device.
  Word* word() const { return word_; }
  void clear() { platform::upload(queue_, word_, &none, sizeof none); }
  /// Clears it, and throws the error of `met`, which was there.
  void raise(Word met) {
    clear();
    const auto op = static_cast<std::size_t>(met >> 32);
    if (op >= ops_.size()) fail("a kernel has written to memory that is not its own");
    ops_[op](static_cast<std::int64_t>(met & 0xffffffff));
  }

 private:
  simt::Stream queue_;
  Word* word_;
  std::vector<Thrower> ops_;
};

}  // namespace wengert::kernels::gpu
