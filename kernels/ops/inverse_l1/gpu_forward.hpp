// The forward pass of inverse_l1.cu: works through slots of up to 4096 elements, the blocks of the sum tree, wherever they
// are computed; the last block adds the slots' sums in their order.
#pragma once

#include "kernels/gpu/last_block.hpp"
#include "kernels/ops/inverse_l1/gpu_slots.hpp"

namespace wengert::kernels::gpu::l1 {

// Adds an element to its lane's sum, and its sign to the lane's word, from the top: the first of 16 ends up lowest.
__device__ inline void add(float a, float b, int q, Lanes& sums, unsigned (&words)[4]) {
  const float difference = __fsub_rn(b, a);
  sums.add(q, fabsf(difference));
  words[q] = words[q] >> 2 | (difference > 0.0f ? 1u << 30 : 0u) | (difference < 0.0f ? 2u << 30 : 0u);
}

// A whole group: the loads of so many rows are in flight together.
template <int Together>
__device__ void add_group(Turned own, const float* a, const float* b, std::int32_t* signs, Lanes& sums) {
  unsigned words[4] = {};
#pragma unroll
  for (int first = 0; first < sign_rows; first += Together) {
    Quad from_a[Together], from_b[Together];
#pragma unroll
    for (int r = 0; r < Together; ++r) {
      const int start = (first + r) * tree_lanes + own.start();
      if (first + r > 0 || start >= 0) {
        from_a[r] = load4(a + start);
        from_b[r] = load4(b + start);
      } else {
        own.each_in_first_row([&](int q, int i) {
          from_a[r][q] = a[i];
          from_b[r][q] = b[i];
        });
      }
    }
#pragma unroll
    for (int r = 0; r < Together; ++r) {
      for (int q = 0; q < 4; ++q) {
        if (first + r > 0 || own.start() + q >= 0) add(from_a[r][q], from_b[r][q], q, sums, words);
      }
    }
  }
  own.each_after_last_row([&](int q, int i) { add(a[i], b[i], q, sums, words); });
  if (own.shift == 0 && aligned16(signs)) {
    *reinterpret_cast<uint4*>(signs + own.start()) = make_uint4(words[0], words[1], words[2], words[3]);
  } else {
    for (int q = 0; q < 4; ++q) signs[own.lane(q)] = static_cast<std::int32_t>(words[q]);
  }
}

// Up to a group of elements at any addresses.
template <class Layout>
__device__ void add_part(Layout own, int count, const float* a, const float* b, std::int32_t* signs, Lanes& sums) {
  unsigned words[4] = {};
  const int rows = (count + tree_lanes - 1) / tree_lanes;
#pragma unroll 4
  for (int row = 0; row < rows; ++row) {
    for (int q = 0; q < 4; ++q) {
      const int i = row * tree_lanes + own.lane(q);
      if (i < count) add(a[i], b[i], q, sums, words);
    }
  }
  for (int q = 0; q < 4; ++q) {
    const int lane = own.lane(q), had = (count - lane + tree_lanes - 1) / tree_lanes;
    if (lane < count) signs[lane] = static_cast<std::int32_t>(words[q] >> (32 - 2 * had));
  }
}

// One block of the sum tree, by one warp.
template <int Together>
__device__ float distance(int count, const float* a, const float* b, std::int32_t* signs) {
  Lanes sums;
  const Turned turned{shift_of(a)};
  if (shift_of(b) != turned.shift) {
    for (int i = 0; i < count; i += group)
      add_part(Apart{}, min(group, count - i), a + i, b + i, signs + i / sign_rows, sums);
    return Apart::fold(sums);
  }
  int i = 0;
  for (; i + group <= count; i += group) add_group<Together>(turned, a + i, b + i, signs + i / sign_rows, sums);
  if (i < count) add_part(turned, count - i, a + i, b + i, signs + i / sign_rows, sums);
  return Turned::fold(sums);
}

// s of the segments that have more than one slot, and the loss, by one block.
__device__ inline void finish(const Pairs& pairs, const float* slots, float* s, float* loss) {
  SHARED(int, longest, [128]);  // segments of more than 2^24 elements, of which there are fewer than 128
  SHARED(int, long_ones, [1]);
  if (threadIdx.x == 0) long_ones[0] = 0;
  __syncthreads();
  const auto slots_of = [&](int k) { return slots + first_slot(tree_block, pairs.offsets[k], k); };
  constexpr int together = 8;
  for (int first = warp_of_block() * 32; first < pairs.segments; first += threads * together) {
    int n[together];
    for (int r = 0; r < together; ++r) {
      const int k = first + r * threads + warp_lane();
      n[r] = k < pairs.segments ? length(pairs, k) : 1;
    }
    for (int r = 0; r < together; ++r) {
      const int k = first + r * threads + warp_lane();
      if (n[r] == 0) s[k] = 0.0f;
      const bool one_warp_will_do = n[r] > tree_block && n[r] <= tree_block * tree_block;
      if (n[r] > tree_block * tree_block) longest[atomicAdd(long_ones, 1)] = k;
      for (unsigned todo = __ballot_sync(whole_warp, one_warp_will_do); todo != 0; todo &= todo - 1) {
        const int lane = __ffs(static_cast<int>(todo)) - 1, other = k - warp_lane() + lane;
        const float* const sums = slots_of(other);
        const int blocks = tree_blocks(__shfl_sync(whole_warp, n[r], lane));
        const float sum = warp_sum(blocks, [=](int i) { return sums[i]; });
        if (warp_lane() == 0) s[other] = sum;
      }
    }
  }
  __syncthreads();
  for (int i = 0; i < long_ones[0]; ++i) {
    const float* const sums = slots_of(longest[i]);
    const float sum = block_sum(tree_blocks(length(pairs, longest[i])), [=](int j) { return sums[j]; });
    if (threadIdx.x == 0) s[longest[i]] = sum;
  }
  __syncthreads();
  const float sum = block_sum(pairs.segments, [&](int k) { return 1.0f / __fadd_rn(s[k], pairs.eps); });
  if (threadIdx.x == 0) *loss = sum;
}

// (The second bound is left open where it is 0. Where it is 1 the compiler is not sparing with registers.)
template <int Together>
__global__ void __launch_bounds__(threads, Together == sign_rows ? 1 : 0)
    forward(Pairs pairs, const float* a, const float* b, float* s, std::int32_t* signs, float* loss, float* slots,
            unsigned* ticket) {
  const int count = first_slot(tree_block, pairs.offsets[pairs.segments], pairs.segments);
  for (int i = static_cast<int>(blockIdx.x) * warps + warp_of_block(); i < count;
       i += static_cast<int>(gridDim.x) * warps) {
    const Slot slot = slot_at(tree_block, i, pairs.segments, pairs.offsets);
    if (slot.count <= 0) continue;
    const int begin = slot.offset + slot.begin;
    std::int32_t* const words = signs + sign_words(slot.offset, slot.segment) + slot.begin / sign_rows;
    const float sum = distance<Together>(slot.count, a + begin, b + begin, words);
    if (warp_lane() == 0) (slot.length <= tree_block ? s[slot.segment] : slots[i]) = sum;
  }
  if (gridDim.x > 1 && !is_last_block(ticket, gridDim.x)) return;
  __syncthreads();
  finish(pairs, slots, s, loss);
}

}  // namespace wengert::kernels::gpu::l1
