#include "kernels/ops/softmax/softmax.hpp"

#include <cmath>

#include "kernels/base/error.hpp"
#include "kernels/base/math.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {
namespace {

// Each of the four passes over a row forms one sum, perhaps after a maximum, and then the row's results:
//
//   Element                what is read of a place
//   load(i)                at place i of the matrix
//   none()                 where a row has no such place
//   key(element)           what the maximum is of, where `maximum` says that there is one
//   term(element, highest) what is summed
//   prepare(sum)           what the results need of the sum
//   put(i, element, highest, prepared)

struct Forward {
  static constexpr bool maximum = true;
  using Element = float;
  const float* x;
  float* y;

  __device__ Element load(std::int64_t i) const { return x[i]; }
  __device__ static Element none() { return -INFINITY; }
  __device__ static float key(Element element) { return element; }
  __device__ static float term(Element x, float highest) { return math::exp_nonpositive(x - highest); }
};
struct Softmax : Forward {
  __device__ static float prepare(float sum) { return sum; }
  __device__ void put(std::int64_t i, Element from, float highest, float sum) const {
    y[i] = term(from, highest) / sum;
  }
};
struct LogSoftmax : Forward {
  __device__ static float prepare(float sum) { return math::log(sum); }
  __device__ void put(std::int64_t i, Element from, float highest, float log_sum) const {
    y[i] = (from - highest) - log_sum;
  }
};

struct Pair {
  float y, dy;
};
struct Backward {
  static constexpr bool maximum = false;
  using Element = Pair;
  const float *y, *dy;
  Sink<float> dx;

  __device__ Element load(std::int64_t i) const { return {y[i], dy[i]}; }
  __device__ static Element none() { return {}; }
  __device__ static float prepare(float sum) { return sum; }
};
struct SoftmaxBackward : Backward {
  __device__ static float term(Element at, float) { return at.y * at.dy; }
  __device__ void put(std::int64_t i, Element at, float, float sum) const { dx.put(i, at.y * (at.dy - sum)); }
};
struct LogSoftmaxBackward : Backward {
  __device__ static float term(Element at, float) { return at.dy; }
  __device__ void put(std::int64_t i, Element at, float, float sum) const {
    dx.put(i, at.dy - math::exp_nonpositive(at.y) * sum);
  }
};

constexpr int threads = 256, warps = threads / 32;
constexpr int most_rounds = 8;  // of 128 elements, four to a thread

__device__ float warp_max(float x) {
  for (int step = 16; step > 0; step /= 2) x = fmaxf(x, __shfl_xor_sync(whole_warp, x, step));
  return x;
}

// A row of up to 128 `Rounds` elements, which stay in a warp's registers.
template <class Pass, int Rounds>
__global__ void __launch_bounds__(threads) row_by_warp(Pass pass, std::int64_t rows, int cols) {
  const std::int64_t row = std::int64_t{blockIdx.x} * warps + warp_of_block();
  if (row >= rows) return;
  typename Pass::Element element[Rounds][4];
  float highest = -INFINITY;
  for (int r = 0; r < Rounds; ++r) {
    for (int q = 0; q < 4; ++q) {
      const int c = r * tree_lanes + Apart::lane(q);
      element[r][q] = c < cols ? pass.load(row * cols + c) : Pass::none();
      if constexpr (Pass::maximum) highest = fmaxf(highest, Pass::key(element[r][q]));
    }
  }
  if constexpr (Pass::maximum) highest = warp_max(highest);
  Lanes sums;
  for (int r = 0; r < Rounds; ++r) {
    for (int q = 0; q < 4; ++q) {
      if (r * tree_lanes + Apart::lane(q) < cols) sums.add(q, Pass::term(element[r][q], highest));
    }
  }
  const float prepared = Pass::prepare(__shfl_sync(whole_warp, Apart::fold(sums), 0));
  for (int r = 0; r < Rounds; ++r) {
    for (int q = 0; q < 4; ++q) {
      const int c = r * tree_lanes + Apart::lane(q);
      if (c < cols) pass.put(row * cols + c, element[r][q], highest, prepared);
    }
  }
}

// A longer one is read again for each step; from the second time on it comes from a cache.
template <class Pass>
__global__ void __launch_bounds__(threads) row_by_block(Pass pass, int cols) {
  SHARED(float, shared, [warps]);
  const std::int64_t begin = std::int64_t{blockIdx.x} * cols;
  const int thread = static_cast<int>(threadIdx.x);
  float highest = -INFINITY;
  if constexpr (Pass::maximum) {
#pragma unroll 8
    for (int c = thread; c < cols; c += threads) highest = fmaxf(highest, Pass::key(pass.load(begin + c)));
    highest = warp_max(highest);
    if (warp_lane() == 0) shared[warp_of_block()] = highest;
    __syncthreads();
    highest = warp_max(warp_lane() < warps ? shared[warp_lane()] : -INFINITY);
    __syncthreads();
  }
  const float sum = block_sum(cols, [=](int c) { return Pass::term(pass.load(begin + c), highest); });
  if (thread == 0) shared[0] = Pass::prepare(sum);
  __syncthreads();
  const float prepared = shared[0];
#pragma unroll 4
  for (int c = thread; c < cols; c += threads) pass.put(begin + c, pass.load(begin + c), highest, prepared);
}

template <class Pass>
void launch(Stream& stream, const char* op, std::int64_t rows, std::int64_t cols, const Pass& pass) {
  if (rows == 0 || cols == 0) return;
  if (cols > most_numbers) {
    fail(op, ": the GPU's kernel takes rows of at most ", most_numbers, " numbers, and here are ", cols);
  }
  const GpuStream& on = on_gpu(stream);
  const simt::Launch warp_for_each{static_cast<unsigned>(ceil_div(rows, warps)), threads, 0, on.queue};
  const int number = static_cast<int>(cols);
  if (cols <= tree_lanes) {
    simt::launch<row_by_warp<Pass, 1>>(warp_for_each, pass, rows, number);
  } else if (cols <= 4 * tree_lanes) {
    simt::launch<row_by_warp<Pass, 4>>(warp_for_each, pass, rows, number);
  } else if (cols <= most_rounds * tree_lanes) {
    simt::launch<row_by_warp<Pass, most_rounds>>(warp_for_each, pass, rows, number);
  } else {
    simt::launch<row_by_block<Pass>>({static_cast<unsigned>(rows), threads, 0, on.queue}, pass, number);
  }
}

}  // namespace

void softmax(Stream& stream, std::int64_t rows, std::int64_t cols, const float* x, float* y) {
  launch(stream, "softmax", rows, cols, Softmax{{x, y}});
}

void softmax_backward(Stream& stream, std::int64_t rows, std::int64_t cols, const float* y, const float* dy,
                      Sink<float> dx) {
  if (dx.wanted()) launch(stream, "softmax", rows, cols, SoftmaxBackward{{y, dy, dx}});
}

void log_softmax(Stream& stream, std::int64_t rows, std::int64_t cols, const float* x, float* y) {
  launch(stream, "log_softmax", rows, cols, LogSoftmax{{x, y}});
}

void log_softmax_backward(Stream& stream, std::int64_t rows, std::int64_t cols, const float* y, const float* dy,
                          Sink<float> dx) {
  if (dx.wanted()) launch(stream, "log_softmax", rows, cols, LogSoftmaxBackward{{y, dy, dx}});
}

namespace {

const Offer offered{take_place<&kernels::softmax<float>, &softmax>(),
                    take_place<&kernels::softmax_backward<float>, &softmax_backward>(),
                    take_place<&kernels::log_softmax<float>, &log_softmax>(),
                    take_place<&kernels::log_softmax_backward<float>, &log_softmax_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
