// The sum of many numbers by several blocks, in the tree of kernels/base/sum_tree.hpp: each block adds up eight neighbouring
// blocks of the tree, one to a warp, and the last to be done adds these sums.
#pragma once

#include <cstdint>

#include "kernels/base/error.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {

inline constexpr int sum_threads = 256, sum_warps = sum_threads / 32;

/// One sum of `count` numbers, or one of several such.
struct LongSum {
  std::int64_t count;
  float* partial = nullptr;  // scratch() floats
  unsigned* ticket = nullptr;

  constexpr std::int64_t tree_blocks() const { return ceil_div(count, tree_block); }
  constexpr std::int64_t blocks() const { return count == 0 ? 1 : ceil_div(tree_blocks(), sum_warps); }
  constexpr std::int64_t scratch() const { return blocks() == 1 ? 0 : tree_blocks(); }
  void check(const char* op) const {
    if (tree_blocks() > most_numbers) {
      fail(op, ": the GPU's kernel adds up at most ", most_numbers * tree_block, " numbers, and here are ", count);
    }
  }
};

/// By block `part` of sum.blocks(): finish(f(0) + ... + f(count - 1)) is called by one thread of the block that comes last.
template <class F, class Finish>
__device__ void sum_by_blocks(const LongSum& sum, std::int64_t part, const F& f, const Finish& finish) {
  float total = 0;
  if (sum.blocks() == 1) {
    total = block_sum(static_cast<int>(sum.count), f);
  } else {
    const std::int64_t block = part * sum_warps + warp_of_block(), first = block * tree_block;
    if (block < sum.tree_blocks()) {
      const int count = static_cast<int>(min(std::int64_t{tree_block}, sum.count - first));
      const float of_block = warp_sum(count, [&](int i) { return f(first + i); });
      if (warp_lane() == 0) sum.partial[block] = of_block;
    }
    if (!is_last_block(sum.ticket, static_cast<unsigned>(sum.blocks()))) return;
    total = block_sum(static_cast<int>(sum.tree_blocks()), [&](int b) { return sum.partial[b]; });
  }
  if (threadIdx.x == 0) finish(total);
}

}  // namespace wengert::kernels::gpu
