#include "nn/data/shuffle.hpp"

#include <array>
#include <numeric>
#include <utility>

#include "kernels/ops/random/philox.hpp"

namespace wengert::data {
namespace {

constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

void shuffle(std::span<std::uint32_t> order, std::uint64_t seed, std::uint64_t epoch) {
  std::iota(order.begin(), order.end(), 0u);
  std::array<std::uint32_t, 4> words{};
  for (std::size_t left = order.size(); left > 1; --left) {
    const std::size_t i = left - 1;
    if (left == order.size() || i % 4 == 3) {
      words = kernels::philox({low(i / 4), 0, low(epoch), high(epoch)}, {low(seed), high(seed)});
    }
    std::swap(order[i], order[high(left * words[i % 4])]);
  }
}

}  // namespace wengert::data
