// The one fixed tree that all sums follow, on every device.
//
//   1. Cut the data into blocks of 4096 neighbours (the last one may be shorter).
//   2. In a block, lane l (0..127) adds the elements l, l+128, l+256, ... in that order.
//   3. Lanes are folded in halves: for step = 64, 32, ..., 1: lane[l] += lane[l + step] for l < step.
//      A lane that got no element takes no part.
//   4. The blocks' sums, in order, are themselves data: go to 1 until one number is left. The sum of nothing is +0.
//
// The shape depends on the number of elements alone: not on threads, SIMD width, grid size or address, so every device
// gives the same bits. A warp of 32 threads with 16-byte loads holds the 128 lanes four to a thread: step 64 to 4 are
// shuffles by 16 to 1, steps 2 and 1 stay inside a thread. Each float is added at most 31 + 7 times per level, so the
// rounding error is bounded by 38 ulp of sum|x| per level, far below a left-to-right sum's.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "kernels/base/memory.hpp"
#include "kernels/base/parallel.hpp"

namespace wengert::kernels::sum_tree {

inline constexpr std::int64_t lanes = 128;
inline constexpr std::int64_t block = 4096;

/// Step 3, for `Width` sums side by side: lane[l][w].
template <class T, std::size_t Width>
void fold(std::array<std::array<T, Width>, lanes>& lane, std::int64_t used) {
  used = std::min(used, lanes);
  for (auto step = static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(used)) / 2); step > 0;
       step /= 2) {
    for (std::int64_t l = 0; l < std::min(step, used - step); ++l) {
      for (std::size_t w = 0; w < Width; ++w) lane[l][w] += lane[l + step][w];
    }
    used = std::min(used, step);
  }
}

/// The tree as data arrives one element (of `Width` sums) after another: the definition, in its shortest form.
template <class T, std::size_t Width = 1, int Level = 0>
class Accumulator {
 public:
  using Values = std::array<T, Width>;

  void add(const Values& values) {
    if (count_ == block) close();
    Values& lane = lanes_[count_ % lanes];
    if (count_ < lanes) {
      lane = values;
    } else {
      for (std::size_t w = 0; w < Width; ++w) lane[w] += values[w];
    }
    ++count_;
  }

  /// The sum of all that was added.
  Values total() {
    if constexpr (Level < top) {
      if (closed_) {
        close();
        return above_.total();
      }
    }
    if (count_ == 0) return Values{};
    fold(lanes_, count_);
    return lanes_[0];
  }

 private:
  static constexpr int top = 3;  // 4096^4 elements

  void close() {
    if constexpr (Level < top) {
      fold(lanes_, count_);
      above_.add(lanes_[0]);
      closed_ = true;
    }
    count_ = 0;
  }

  struct Nothing {};
  std::array<Values, lanes> lanes_;
  std::int64_t count_ = 0;
  bool closed_ = false;
  [[no_unique_address]] std::conditional_t<(Level < top), Accumulator<T, Width, (Level < top ? Level + 1 : top)>,
                                           Nothing>
      above_;
};

/// Step 3 from `Step` on, for lanes that all take part.
template <int Step, class T>
void fold_from(T* lane) {
  if constexpr (Step > 0) {
    for (int l = 0; l < Step; ++l) lane[l] += lane[l + Step];
    fold_from<Step / 2>(lane);
  }
}

/// The same as fold for one sum, with steps that the compiler knows. Lanes that got no element are made -0, to which
/// x + -0 = x for every x (+0 would turn a sum of -0 into +0).
template <class T>
T fold(std::array<T, lanes>& lane, std::int64_t used) {
  const auto pad = [&](std::int64_t end) { std::fill(lane.begin() + used, lane.begin() + end, T(-T{0})); };
  if (used > 64) {
    if (used < lanes) pad(lanes);
    fold_from<64>(lane.data());
  } else if (used > 16) {
    pad(64);
    fold_from<32>(lane.data());
  } else {
    pad(16);
    fold_from<8>(lane.data());
  }
  return lane[0];
}

/// The sum of f(begin) ... f(begin + count - 1) for 1 <= count <= N, the tree with its shape known to the compiler:
/// sums of a few numbers (biases, small models) then take a few nanoseconds.
template <int N, class T, class F>
T few_sum(std::int64_t begin, std::int64_t count, const F& f) {
  if constexpr (N > 1) {
    if (count < N) return few_sum<N - 1, T>(begin, count, f);
  }
  std::array<T, std::size_t{N}> lane;
  for (int l = 0; l < N; ++l) lane[l] = f(begin + l);
  if constexpr (N > 4) {
    for (int l = 0; l < N - 4; ++l) lane[l] += lane[l + 4];
  }
  if constexpr (N > 2) {
    for (int l = 0; l < (N == 3 ? 1 : 2); ++l) lane[l] += lane[l + 2];
  }
  return N > 1 ? lane[0] + lane[N > 1] : lane[0];
}

/// The sum of f(begin) ... f(begin + count - 1), count from 1 to 4096; f inlines and the lanes vectorise.
template <class T, class F>
T block_sum(std::int64_t begin, std::int64_t count, const F& f) {
  if (count <= 8) return few_sum<8, T>(begin, count, f);
  std::array<T, lanes> lane;
  if (count < lanes) {
    for (std::int64_t l = 0; l < count; ++l) lane[l] = f(begin + l);
  } else {
    for (std::int64_t l = 0; l < lanes; ++l) lane[l] = f(begin + l);
    std::int64_t i = lanes;
    for (; i + lanes <= count; i += lanes) {
      for (std::int64_t l = 0; l < lanes; ++l) lane[l] += f(begin + i + l);
    }
    for (std::int64_t l = 0; i + l < count; ++l) lane[l] += f(begin + i + l);
  }
  return fold(lane, count);
}

/// Numbers in memory, as a function of their place.
template <class T>
struct Stored {
  const T* x;
  T operator()(std::int64_t i) const { return x[i]; }
};

template <class T, class F>
T sum(std::int64_t count, const F& f);

/// The sum of `count` numbers whose blocks sum_of_block(begin, count) adds, on as many threads as there are.
template <class T, class F>
T sum_of_blocks(std::int64_t count, const F& sum_of_block) {
  if (count == 0) return T{0};
  if (count <= block) return sum_of_block(std::int64_t{0}, count);
  const std::int64_t blocks = (count + block - 1) / block;
  PoolVector<T> partial(static_cast<std::size_t>(blocks));
  parallel_for(blocks, 16, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t b = first; b < last; ++b) {
      partial[static_cast<std::size_t>(b)] = sum_of_block(b * block, std::min(block, count - b * block));
    }
  });
  return sum<T>(blocks, Stored<T>{partial.data()});
}

/// The sum of f(0) ... f(count - 1).
template <class T, class F>
T sum(std::int64_t count, const F& f) {
  return sum_of_blocks<T>(count, [&](std::int64_t begin, std::int64_t n) { return block_sum<T>(begin, n, f); });
}

}  // namespace wengert::kernels::sum_tree
