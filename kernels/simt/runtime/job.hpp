// A launch under way.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "kernels/simt/launch.hpp"
#include "kernels/simt/options.hpp"
#include "kernels/simt/runtime/permutation.hpp"

namespace simt::detail {

/// Of a device of compute capability 9.0: CUDA C++ Programming Guide, "Compute Capabilities".
inline constexpr unsigned largest_block = 1024;

struct Job {
  Job(const Kernel& what, const Launch& how_many, const Options& how)
      : kernel(what),
        extent(how_many),
        options(how),
        threads(extent.block.x * extent.block.y * extent.block.z),
        blocks(std::uint64_t{extent.grid.x} * extent.grid.y * extent.grid.z),
        order(options.order, blocks, options.seed) {}

  const Kernel kernel;
  const Launch extent;
  const Options options;
  const unsigned threads;      // of a block
  const std::uint64_t blocks;  // of the grid
  const Permutation order;     // of the blocks

  std::atomic<std::uint64_t> next_turn{0};
  // Workers that may yet do something that a thread elsewhere waits for.
  std::atomic<int> lively{0};

  // Of all blocks that fail, the first in the order is reported, whichever worker had it.
  std::atomic<std::uint64_t> failed_turn{std::numeric_limits<std::uint64_t>::max()};
  std::mutex mutex;
  std::string error;

  void fail(std::uint64_t turn, std::string message) {
    const std::lock_guard lock(mutex);
    if (turn >= failed_turn) return;
    failed_turn = turn;
    error = std::move(message);
  }
};

}  // namespace simt::detail
