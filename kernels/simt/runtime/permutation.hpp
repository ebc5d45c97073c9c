// The numbers 0..size-1 in the order of the options, one at a time: a grid may have more blocks than memory has room for.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernels/simt/options.hpp"

namespace simt::detail {

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

class Permutation {
 public:
  Permutation() = default;
  Permutation(Order order, std::uint64_t size, std::uint64_t seed)
      : order_(order), size_(size), seed_(seed), half_(half_width(size)) {}

  std::uint64_t operator()(std::uint64_t turn) const {
    if (order_ == Order::forward) return turn;
    if (order_ == Order::reverse) return size_ - 1 - turn;
    // A Feistel network permutes the numbers of 2 * half_ bits; those beyond the size are sent through it again.
    do turn = shuffle(turn);
    while (turn >= size_);
    return turn;
  }

 private:
  static constexpr int half_width(std::uint64_t size) {
    return (static_cast<int>(std::bit_width(std::max<std::uint64_t>(size, 2) - 1)) + 1) / 2;
  }
  std::uint64_t shuffle(std::uint64_t x) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_) - 1;
    std::uint64_t left = x >> half_, right = x & mask;
    for (std::uint64_t round = 1; round <= 4; ++round) {
      const std::uint64_t next = left ^ (mix(seed_ + round * 0x9e3779b97f4a7c15u + right) & mask);
      left = right;
      right = next;
    }
    return left << half_ | right;
  }

  Order order_ = Order::forward;
  std::uint64_t size_ = 0, seed_ = 0;
  int half_ = 1;
};

}  // namespace simt::detail
