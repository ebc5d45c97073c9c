#include "kernels/ops/random/philox.hpp"

#include <array>

#include "kernels/base/math.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {
namespace {

constexpr int threads = 256;

struct State {
  std::array<std::uint32_t, 2> key;
  std::uint64_t counter;

  __device__ static State load(const std::int32_t* words) {
    const auto word = [=](int i) { return static_cast<std::uint32_t>(words[i]); };
    return {{word(0), word(1)}, word(2) | std::uint64_t{word(3)} << 32};
  }
  __device__ static void store_counter(std::uint64_t counter, std::int32_t* words) {
    words[2] = static_cast<std::int32_t>(static_cast<std::uint32_t>(counter));
    words[3] = static_cast<std::int32_t>(static_cast<std::uint32_t>(counter >> 32));
  }
  __device__ std::array<std::uint32_t, 4> block(std::int64_t index) const {
    const std::uint64_t at = counter + static_cast<std::uint64_t>(index);
    return philox({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at >> 32), 0, 0}, key);
  }
};

struct Uniform {
  static constexpr int per_block = 4;
  float start, width;

  /// Numbers 4 group to 4 group + 3.
  __device__ Quad four(const State& state, std::int64_t group) const {
    const auto words = state.block(group);
    Quad x;
    for (int q = 0; q < 4; ++q) {
      x[q] = start + width * (static_cast<float>(words[static_cast<std::size_t>(q)] >> 8) * 0x1p-24f);
    }
    return x;
  }
};

struct Normal {
  static constexpr int per_block = 2;
  double mean, stddev;

  __device__ float one(std::uint32_t first, std::uint32_t second) const {
    const double u = (static_cast<double>(first) + 1) * 0x1p-32;  // in (0, 1], so that its log is finite
    const double radius = math::sqrt(-2 * math::log(u));
    const double angle = static_cast<double>(second) * 0x1p-32;
    return static_cast<float>(mean + stddev * (radius * math::cos_sin_turns(angle).cos));
  }
  __device__ Quad four(const State& state, std::int64_t group) const {
    const auto low = state.block(2 * group), high = state.block(2 * group + 1);
    return {{one(low[0], low[1]), one(low[2], low[3]), one(high[0], high[1]), one(high[2], high[3])}};
  }
};

// The state moves on once all blocks have read it.
template <class Draw>
__global__ void __launch_bounds__(threads)
    draw_numbers(Draw draw, std::int64_t n, std::int32_t* words, float* x, unsigned* ticket) {
  const State state = State::load(words);
  const std::int64_t step = std::int64_t{gridDim.x} * threads;
  for (std::int64_t group = std::int64_t{blockIdx.x} * threads + threadIdx.x; 4 * group < n; group += step) {
    const Quad numbers = draw.four(state, group);
    if (4 * group + 4 <= n && aligned16(x)) {
      store4(x + 4 * group, numbers);
    } else {
      for (int q = 0; q < 4; ++q) {
        if (4 * group + q < n) x[4 * group + q] = numbers[q];
      }
    }
  }
  if (!is_last_block(ticket, gridDim.x) || threadIdx.x != 0) return;
  State::store_counter(state.counter + static_cast<std::uint64_t>((n + Draw::per_block - 1) / Draw::per_block), words);
}

template <class Draw>
void launch(Stream& stream, std::int64_t n, const Draw& draw, std::int32_t* state, float* x) {
  if (n == 0) return;
  GpuStream& on = on_gpu(stream);
  simt::launch<draw_numbers<Draw>>({grid_of(ceil_div(n, 4 * threads), 16, on), threads, 0, on.queue}, draw, n, state, x,
                                   on.tickets(1));
}

}  // namespace

void random_uniform(Stream& stream, std::int64_t n, double low, double high, std::int32_t* state, float* x) {
  launch(stream, n, Uniform{static_cast<float>(low), static_cast<float>(high - low)}, state, x);
}

void random_normal(Stream& stream, std::int64_t n, double mean, double stddev, std::int32_t* state, float* x) {
  launch(stream, n, Normal{mean, stddev}, state, x);
}

namespace {

const Offer offered{take_place<&kernels::random_uniform<float>, &random_uniform>(),
                    take_place<&kernels::random_normal<float>, &random_normal>()};

}  // namespace
}  // namespace wengert::kernels::gpu
