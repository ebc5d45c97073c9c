#include "kernels/ops/random/philox.hpp"

#include <type_traits>

#include "kernels/base/math.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"

namespace wengert::kernels {
namespace {

using Block = std::array<std::uint32_t, 4>;

// x_i = f(block, i) for all i, with `per_block` numbers from a block; then the state moves on.
template <class T, class F>
void draw(std::int64_t n, std::int64_t per_block, std::int32_t* state, T* x, const F& f) {
  const auto word = [=](int i) { return static_cast<std::uint32_t>(state[i]); };
  const std::array<std::uint32_t, 2> key{word(0), word(1)};
  const std::uint64_t start = word(2) | std::uint64_t{word(3)} << 32;
  const std::int64_t blocks = (n + per_block - 1) / per_block;
  const auto some_blocks = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      const std::uint64_t counter = start + static_cast<std::uint64_t>(b);
      const Block words =
          philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0}, key);
      const std::int64_t first = b * per_block, count = std::min(per_block, n - first);
      for (std::int64_t i = 0; i < count; ++i) x[first + i] = f(words, static_cast<std::size_t>(i));
    }
  };
  cpu::for_ranges(blocks, some_blocks, cpu::grain / 16);
  const std::uint64_t next = start + static_cast<std::uint64_t>(blocks);
  state[2] = static_cast<std::int32_t>(static_cast<std::uint32_t>(next));
  state[3] = static_cast<std::int32_t>(static_cast<std::uint32_t>(next >> 32));
}

// 53 bits of two words, in [0, 1).
double unit(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
}

}  // namespace

template <class T>
void random_uniform(Stream&, std::int64_t n, double low, double high, std::int32_t* state, T* x) {
  const T start = static_cast<T>(low), width = static_cast<T>(high - low);
  if constexpr (std::is_same_v<T, float>) {
    draw(n, 4, state, x, [=](const Block& words, std::size_t i) {
      return start + width * (static_cast<float>(words[i] >> 8) * 0x1p-24f);
    });
  } else {
    draw(n, 2, state, x,
         [=](const Block& words, std::size_t i) { return start + width * unit(words[2 * i], words[2 * i + 1]); });
  }
}

template <class T>
void random_normal(Stream&, std::int64_t n, double mean, double stddev, std::int32_t* state, T* x) {
  draw(n, 2, state, x, [=](const Block& words, std::size_t i) {
    const double u = (static_cast<double>(words[2 * i]) + 1) * 0x1p-32;  // in (0, 1], so that its log is finite
    const double radius = math::sqrt(-2 * math::log(u));
    const double angle = static_cast<double>(words[2 * i + 1]) * 0x1p-32;
    return static_cast<T>(mean + stddev * (radius * math::cos_sin_turns(angle).cos));
  });
}

template <class T>
struct RandomKernels {
  static inline const cpu::Offer<&random_uniform<T>, &random_normal<T>> offer;
};
template struct RandomKernels<float>;
template struct RandomKernels<double>;

}  // namespace wengert::kernels
