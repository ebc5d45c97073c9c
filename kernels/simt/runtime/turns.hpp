// In which order the threads of a block, and the lanes of a warp, get their turns.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/simt/runtime/job.hpp"
#include "kernels/simt/runtime/permutation.hpp"

namespace simt::detail {

struct Turns {
  std::array<std::uint16_t, largest_block> threads;
  std::array<std::uint8_t, 32> lanes;

  void set(Order order, std::uint64_t seed, unsigned block_threads) {
    const Permutation of_threads(order, block_threads, seed), of_lanes(order, lanes.size(), seed);
    for (unsigned turn = 0; turn < block_threads; ++turn) threads[turn] = static_cast<std::uint16_t>(of_threads(turn));
    for (unsigned turn = 0; turn < lanes.size(); ++turn) lanes[turn] = static_cast<std::uint8_t>(of_lanes(turn));
  }
};

}  // namespace simt::detail
