// The order in which an epoch visits its samples.
#pragma once

#include <cstdint>
#include <span>

namespace wengert::data {

/// Makes `order` a random permutation of 0, 1, ..., size - 1 that depends on its size, the seed and the epoch alone, so that
/// a run can be taken up at any epoch. The shuffle of Durstenfeld (CACM algorithm 235), from the last place down:
/// place i gets the entry of a place j <= i, j = (i + 1) w / 2^32 rounded down, w word i % 4 of the Philox block with
/// counter (i / 4, 0, epoch) and key seed. A place is preferred by less than size / 2^32. Fewer than 2^32 entries.
void shuffle(std::span<std::uint32_t> order, std::uint64_t seed, std::uint64_t epoch);

}  // namespace wengert::data
