// Reductions whose result does not depend on the order: maxima, counts, sums of integers. A Rule has
//
//   State          plain data of at most 8 bytes, with down(state, step, width): that of the thread `step` further on
//   nothing()      the state of no elements
//   of(o, r, i)    the state of element r of output o, which is x[i]
//   both(a, b)     of the elements of both
//   put(o, state)  writes output o
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/base/error.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/reduce/gpu_reduction.hpp"

namespace wengert::kernels::gpu {

inline constexpr int fold_threads = 256, fold_share = 16384;  // elements of a block

template <class T>
__device__ T down(T x, int step, int width) {
  return __shfl_down_sync(whole_warp, x, static_cast<unsigned>(step), width);
}

/// In the first of every `width` neighbouring threads; a power of 2, at most 32.
template <class Rule>
__device__ typename Rule::State fold_neighbours(typename Rule::State state, int width) {
  for (int step = width / 2; step > 0; step /= 2) state = Rule::both(state, down(state, step, width));
  return state;
}

/// In thread 0. Between two calls there must be a barrier.
template <class Rule>
__device__ typename Rule::State fold_block(typename Rule::State state) {
  SHARED(typename Rule::State, of_warp, [fold_threads / 32]);
  state = fold_neighbours<Rule>(state, 32);
  if (warp_lane() == 0) of_warp[warp_of_block()] = state;
  __syncthreads();
  return fold_neighbours<Rule>(warp_lane() < warps_of_block() ? of_warp[warp_lane()] : Rule::nothing(), 32);
}

/// A power of 2 of threads for each output.
template <class Rule, class Places>
__global__ void __launch_bounds__(fold_threads)
    fold_by_threads(Rule rule, Places places, std::int64_t outputs, int count, int log_width) {
  const int width = 1 << log_width, thread = static_cast<int>(threadIdx.x) % width;
  const std::int64_t o = (std::int64_t{blockIdx.x} * fold_threads + threadIdx.x) >> log_width;
  typename Rule::State state = Rule::nothing();
  if (o < outputs) {
    const std::int64_t first = places.first(o);
#pragma unroll 4
    for (int r = thread; r < count; r += width) state = Rule::both(state, rule.of(o, r, first + places.place(r)));
  }
  state = fold_neighbours<Rule>(state, width);
  if (o < outputs && thread == 0) rule.put(o, state);
}

/// `parts` blocks for each output.
template <class Rule, class Places>
__global__ void __launch_bounds__(fold_threads)
    fold_by_blocks(Rule rule, Places places, int count, int parts, typename Rule::State* partial, unsigned* tickets) {
  const int o = static_cast<int>(blockIdx.x) / parts, part = static_cast<int>(blockIdx.x) % parts;
  const int thread = static_cast<int>(threadIdx.x);
  const std::int64_t first = places.first(o), begin = std::int64_t{part} * fold_share;
  const std::int64_t end = min(begin + fold_share, std::int64_t{count});
  typename Rule::State state = Rule::nothing();
#pragma unroll 8
  for (std::int64_t r = begin + thread; r < end; r += fold_threads) {
    state = Rule::both(state, rule.of(o, static_cast<int>(r), first + places.place(r)));
  }
  state = fold_block<Rule>(state);
  typename Rule::State* const of_parts = partial + std::int64_t{o} * parts;
  if (thread == 0) of_parts[part] = state;
  if (!is_last_block(tickets + o, static_cast<unsigned>(parts))) return;
  state = Rule::nothing();
  for (int p = thread; p < parts; p += fold_threads) state = Rule::both(state, of_parts[p]);
  state = fold_block<Rule>(state);
  if (thread == 0) rule.put(o, state);
}

/// How a reduction is shared out, and the scratch memory that it takes.
struct Folding {
  std::int64_t outputs, count;
  bool along_outputs;  // neighbours in x go to neighbouring outputs, of which there are many

  explicit Folding(const char* op, const Reduction& reduction)
      : outputs(reduction.outputs()),
        count(reduction.count(true)),
        along_outputs(!reduction.by_rows() && !reduction.reduced[static_cast<std::size_t>(reduction.rank) - 1] &&
                      outputs >= 1024) {
    if (count > std::numeric_limits<std::int32_t>::max()) {
      fail(op, ": the GPU's kernel takes at most ", std::numeric_limits<std::int32_t>::max(),
           " elements to one result, and here are ", count);
    }
  }
  bool by_blocks() const { return count > fold_share / 4 && !along_outputs; }
  int parts() const { return static_cast<int>(ceil_div(count, fold_share)); }
  int log_width() const {
    const std::int64_t width = along_outputs ? 1 : std::clamp<std::int64_t>(count, 1, 32);
    return static_cast<int>(std::bit_width(static_cast<unsigned>(width - 1)));
  }
  std::int64_t scratch() const { return by_blocks() ? 2 * outputs * parts() : 0; }
};

/// scratch: Folding::scratch() floats.
template <class Rule>
void fold(GpuStream& on, const char* op, const Reduction& reduction, const Folding& folding, const Rule& rule,
          float* scratch) {
  if (folding.outputs == 0) return;
  const int count = static_cast<int>(folding.count), parts = folding.parts(), log_width = folding.log_width();
  with_places(op, reduction, [&](const auto& places) {
    using Places = std::decay_t<decltype(places)>;
    if (folding.by_blocks()) {
      const auto blocks = static_cast<unsigned>(folding.outputs * parts);
      auto* const partial = reinterpret_cast<typename Rule::State*>(scratch);
      simt::launch<fold_by_blocks<Rule, Places>>({blocks, fold_threads, 0, on.queue}, rule, places, count, parts,
                                                 partial, on.tickets(folding.outputs));
    } else {
      const auto blocks = static_cast<unsigned>(ceil_div(folding.outputs << log_width, fold_threads));
      simt::launch<fold_by_threads<Rule, Places>>({blocks, fold_threads, 0, on.queue}, rule, places, folding.outputs,
                                                  count, log_width);
    }
  });
}

}  // namespace wengert::kernels::gpu
