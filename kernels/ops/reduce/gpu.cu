#include "kernels/ops/reduce/reduce.hpp"

#include <bit>

#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/broadcast.hpp"
#include "kernels/gpu/column_sums.hpp"
#include "kernels/gpu/long_sum.hpp"
#include "kernels/gpu/put.hpp"
#include "kernels/ops/reduce/gpu_fold.hpp"
#include "kernels/ops/reduce/gpu_reduction.hpp"

namespace wengert::kernels::gpu {
namespace {

// Sums. Of up to 32 numbers by so many threads, of up to 4096 by a warp, of more by blocks; down columns by strips.

struct PutQuotient {
  float divisor;
  Sink<float> y;
  __device__ void operator()(std::int64_t o, float sum) const { y.put(o, sum / divisor); }
};

/// A power of 2 of threads for each output.
template <class Places>
__global__ void __launch_bounds__(sum_threads)
    few_sums(std::int64_t outputs, int count, int log_width, Places places, const float* x, PutQuotient finish) {
  const int width = 1 << log_width, lane = static_cast<int>(threadIdx.x) % width;
  const std::int64_t o = (std::int64_t{blockIdx.x} * sum_threads + threadIdx.x) >> log_width;
  float sum = o < outputs && lane < count ? x[places.first(o) + places.place(lane)] : -0.0f;  // as in Lanes
  for (int step = width / 2; step > 0; step /= 2) {
    sum = __fadd_rn(sum, __shfl_down_sync(whole_warp, sum, static_cast<unsigned>(step), width));
  }
  if (o < outputs && lane == 0) finish(o, sum);
}

template <class Places>
__global__ void __launch_bounds__(sum_threads)
    warp_sums(std::int64_t outputs, int count, Places places, const float* x, PutQuotient finish) {
  const std::int64_t o = std::int64_t{blockIdx.x} * sum_warps + warp_of_block();
  if (o >= outputs) return;
  const float* const from = x + places.first(o);
  const float sum = warp_sum(count, [=](int r) { return from[places.place(r)]; });
  if (warp_lane() == 0) finish(o, sum);
}

template <class Places>
__global__ void __launch_bounds__(sum_threads)
    long_sums(LongSum sum, unsigned blocks, Places places, const float* x, PutQuotient finish) {
  const std::int64_t o = blockIdx.x / blocks;
  const float* const from = x + places.first(o);
  sum.partial += o * sum.scratch();
  sum.ticket += o;
  sum_by_blocks(
      sum, blockIdx.x % blocks, [=](std::int64_t r) { return from[places.place(r)]; },
      [=](float total) { finish(o, total); });
}

template <class Places>
void launch_sums(GpuStream& on, std::int64_t outputs, std::int64_t count, const Places& places, const float* x,
                 const PutQuotient& finish) {
  const auto number = static_cast<int>(count);
  if (count <= 32) {
    const int log_width = static_cast<int>(std::bit_width(static_cast<unsigned>(count - 1)));
    const auto blocks = static_cast<unsigned>(ceil_div(outputs << log_width, sum_threads));
    simt::launch<few_sums<Places>>({blocks, sum_threads, 0, on.queue}, outputs, number, log_width, places, x, finish);
  } else if (count <= tree_block) {
    const auto blocks = static_cast<unsigned>(ceil_div(outputs, sum_warps));
    simt::launch<warp_sums<Places>>({blocks, sum_threads, 0, on.queue}, outputs, number, places, x, finish);
  } else {
    LongSum sum{count};
    sum.check("sum");
    sum.partial = on.scratch(outputs * sum.scratch());
    sum.ticket = on.tickets(outputs);
    const auto of_each = static_cast<unsigned>(sum.blocks()), blocks = static_cast<unsigned>(outputs * sum.blocks());
    simt::launch<long_sums<Places>>({blocks, sum_threads, 0, on.queue}, sum, of_each, places, x, finish);
  }
}

/// Element i's output, divided.
template <int Rank>
struct Quotient {
  Axes<Rank> axes;
  BroadcastOperand<float, Rank> y;
  float divisor;

  __device__ bool aligned() const { return axes.fours && y.aligned(); }
  __device__ float one(std::int64_t i) const { return y.one(axes.place(i)) / divisor; }
  __device__ Quad four(std::int64_t i) const {
    Quad result = y.four(axes.place(i));
    for (int q = 0; q < 4; ++q) result[q] = result[q] / divisor;
    return result;
  }
};

/// What a sum over nothing is: 0 / divisor, for every output.
struct NothingOver {
  float divisor;
  __device__ bool aligned() const { return true; }
  __device__ float one(std::int64_t) const { return 0.0f / divisor; }
  __device__ Quad four(std::int64_t) const { return four_times(0.0f / divisor); }
};

// Sums of integers wrap around at 2^32, in any order.
struct IntegerSum {
  using State = unsigned;
  const std::int32_t* x;
  std::int32_t divisor;
  Sink<std::int32_t> y;

  __device__ static State nothing() { return 0; }
  __device__ State of(std::int64_t, int, std::int64_t i) const { return static_cast<unsigned>(x[i]); }
  __device__ static State both(State a, State b) { return a + b; }
  __device__ void put(std::int64_t o, State sum) const { y.put(o, static_cast<std::int32_t>(sum) / divisor); }
};

// Maxima.

template <class T>
struct Best {
  T value;
  int place;  // -1: there is none yet
};
template <class T>
__device__ Best<T> down(const Best<T>& x, int step, int width) {
  return {__shfl_down_sync(whole_warp, x.value, static_cast<unsigned>(step), width),
          __shfl_down_sync(whole_warp, x.place, static_cast<unsigned>(step), width)};
}

/// The greatest, NaN above all, and of equals the first.
template <class T>
struct Greatest {
  using State = Best<T>;
  const T* x;

  __device__ static State nothing() { return {T{}, -1}; }
  __device__ State of(std::int64_t, int r, std::int64_t i) const { return {x[i], r}; }
  __device__ static State both(const State& a, const State& b) {
    if (a.place < 0 || b.place < 0) return a.place < 0 ? b : a;
    const bool a_is_nan = a.value != a.value, b_is_nan = b.value != b.value;
    const bool equal = a.value == b.value || (a_is_nan && b_is_nan);
    const bool b_wins = equal ? b.place < a.place : b.value > a.value || b_is_nan;
    return b_wins ? b : a;
  }
};
template <class T>
struct Maximum : Greatest<T> {
  T* y;
  __device__ void put(std::int64_t o, const Best<T>& best) const { y[o] = best.value; }
};
template <class T>
struct PlaceOfMaximum : Greatest<T> {
  std::int32_t* y;
  __device__ void put(std::int64_t o, const Best<T>& best) const { y[o] = best.place; }
};

struct CountOfMaxima {
  using State = int;
  const float *x, *y;
  int* counts;

  __device__ static State nothing() { return 0; }
  __device__ State of(std::int64_t o, int, std::int64_t i) const { return x[i] == y[o] ? 1 : 0; }
  __device__ static State both(State a, State b) { return a + b; }
  __device__ void put(std::int64_t o, State count) const { counts[o] = count; }
};

template <int Rank>
struct ToMaxima {
  Axes<Rank> axes;
  const float* x;
  BroadcastOperand<float, Rank> y, dy;
  BroadcastOperand<int, Rank> counts;

  __device__ bool aligned() const {
    return axes.fours && aligned16(x) && y.aligned() && dy.aligned() && counts.aligned();
  }
  __device__ float one(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    return share(x[i], y.one(place), dy.one(place), counts.one(place));
  }
  __device__ Quad four(std::int64_t i) const {
    const Coordinates<Rank> place = axes.place(i);
    Quad result = load4(x + i);
    const Quad greatest = y.four(place), upstream = dy.four(place);
    const QuadOf<int> count = counts.four(place);
    for (int q = 0; q < 4; ++q) result[q] = share(result[q], greatest[q], upstream[q], count[q]);
    return result;
  }

 private:
  __device__ static float share(float x, float greatest, float dy, int count) {
    return dy / static_cast<float>(count) * (x == greatest ? 1.0f : 0.0f);
  }
};

template <class Rule>
void launch_fold(Stream& stream, const char* op, const Reduction& reduction, const Rule& rule) {
  GpuStream& on = on_gpu(stream);
  const Folding folding(op, reduction);
  fold(on, op, reduction, folding, rule, on.scratch(folding.scratch()));
}

}  // namespace

void expand(Stream& stream, Reduction reduction, const float* y, float divisor, Sink<float> x) {
  if (reduction.inputs() == 0) return;
  const Broadcast loop = over_inputs(reduction);
  with_rank(loop, [&]<int Rank>() {
    launch_put(on_gpu(stream), loop.numel(), x,
               Quotient<Rank>{axes_of<Rank>(loop), operand_of<Rank>(loop, loop.a_moves, y), divisor});
  });
}

void sum_over(Stream& stream, Reduction reduction, const float* x, float divisor, Sink<float> y) {
  GpuStream& on = on_gpu(stream);
  const std::int64_t outputs = reduction.outputs(), count = reduction.count(true);
  if (!y.wanted() || outputs == 0) return;
  if (count == 0) return launch_put(on, outputs, y, NothingOver{divisor});
  if (count == 1) return launch_put(on, outputs, y, Quotient<1>{{}, {x, {1}}, divisor});
  if (reduction.by_columns()) {
    const std::int64_t cols = reduction.size[static_cast<std::size_t>(reduction.rank) - 1];
    return column_sums(on, {outputs / cols, count, cols}, x, divisor, y);
  }
  with_places("sum", reduction, [&](const auto& places) {
    launch_sums(on, outputs, count, places, x, PutQuotient{divisor, y});
  });
}

void sum_over_integers(Stream& stream, Reduction reduction, const std::int32_t* x, std::int32_t divisor,
                       Sink<std::int32_t> y) {
  if (y.wanted()) launch_fold(stream, "sum", reduction, IntegerSum{x, divisor, y});
}

template <class T>
void max_over(Stream& stream, Reduction reduction, const T* x, T* y) {
  launch_fold(stream, "max", reduction, Maximum<T>{{x}, y});
}

template <class T>
void argmax_over(Stream& stream, Reduction reduction, const T* x, std::int32_t* y) {
  launch_fold(stream, "argmax", reduction, PlaceOfMaximum<T>{{x}, y});
}

void max_backward(Stream& stream, Reduction reduction, const float* x, const float* y, const float* dy,
                  Sink<float> dx) {
  const std::int64_t outputs = reduction.outputs();
  if (!dx.wanted() || reduction.inputs() == 0) return;
  GpuStream& on = on_gpu(stream);
  const Folding folding("max", reduction);
  float* const scratch = on.scratch(outputs + folding.scratch());
  auto* const counts = reinterpret_cast<int*>(scratch);
  fold(on, "max", reduction, folding, CountOfMaxima{x, y, counts}, scratch + outputs);
  const Broadcast loop = over_inputs(reduction);
  with_rank(loop, [&]<int Rank>() {
    const auto each = [&](const auto* data) { return operand_of<Rank>(loop, loop.a_moves, data); };
    launch_put(on, loop.numel(), dx,
               ToMaxima<Rank>{axes_of<Rank>(loop), x, each(y), each(dy), each(static_cast<const int*>(counts))});
  });
}

namespace {

template <class T>
Offer maxima() {
  return {take_place<&kernels::max_over<T>, &max_over<T>>(), take_place<&kernels::argmax_over<T>, &argmax_over<T>>()};
}
const Offer maxima_of_floats = maxima<float>(), maxima_of_integers = maxima<std::int32_t>();
const Offer offered{take_place<&kernels::sum_over<float>, &sum_over>(),
                    take_place<&kernels::sum_over<std::int32_t>, &sum_over_integers>(),
                    take_place<&kernels::expand<float>, &expand>(),
                    take_place<&kernels::max_backward<float>, &max_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
