// Counter-based random numbers: the same on every device and for any number of threads.
//
// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11). Element i of a fill
// comes from word i % 4 of the block with counter (state.counter + i / 4) and key state.seed; a float64 and a normal
// number take two words, so theirs is block i / 2. A fill moves the state's counter on by the blocks that it used, in
// memory that the device owns, so that a replayed capture draws new numbers.
//
//   uniform   low + (high - low) u, u = (word >> 8) 2^-24 in [0, 1) for float32; 53 bits of two words for float64
//   normal    Box-Muller in float64 with math.hpp's log, sqrt, cosine, sine: mean + stddev z
//   state     4 int32 words: seed low, seed high, counter low, counter high
//   dtypes    float32, float64
#pragma once

#include <array>
#include <cstdint>

#include "kernels/base/stream.hpp"

namespace wengert::kernels {

/// One block of Philox4x32-10: four random words of a counter and a key.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

template <class T>
void random_uniform(Stream&, std::int64_t n, double low, double high, std::int32_t* state, T* x);
template <class T>
void random_normal(Stream&, std::int64_t n, double mean, double stddev, std::int32_t* state, T* x);

}  // namespace wengert::kernels
