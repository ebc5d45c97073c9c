// The backward pass of inverse_l1.cu, in slots of 2048 elements, whose signs share words.
#pragma once

#include "kernels/base/sink.hpp"
#include "kernels/ops/inverse_l1/gpu_slots.hpp"

namespace wengert::kernels::gpu::l1 {

// +1, 0 or -1 times the scale, by the lowest of the word's signs, which is then done with.
__device__ inline float next_gradient(unsigned& word, float scale) {
  const int sign = static_cast<int>(word & 1) - static_cast<int>(word >> 1 & 1);
  word >>= 2;
  return __fmul_rn(scale, static_cast<float>(sign));
}

template <bool Add>
__device__ void put(float* to, float value) {
  *to = Add ? __fadd_rn(*to, value) : value;
}

// Of a whole group, by one warp.
template <bool Add>
__device__ void spread_group(const std::int32_t* signs, float scale, float* db) {
  constexpr int together = 8;
  const Turned own{shift_of(db)};
  unsigned words[4];
  if (own.shift == 0 && aligned16(signs)) {
    const uint4 four = *reinterpret_cast<const uint4*>(signs + own.start());
    words[0] = four.x, words[1] = four.y, words[2] = four.z, words[3] = four.w;
  } else {
    for (int q = 0; q < 4; ++q) words[q] = static_cast<unsigned>(signs[own.lane(q)]);
  }
#pragma unroll
  for (int first = 0; first < sign_rows; first += together) {
    Quad sums[together] = {};
    float* const to = db + first * tree_lanes + own.start();
    const auto is_whole = [&](int r) { return first + r > 0 || own.start() >= 0; };
#pragma unroll
    for (int r = 0; r < together; ++r) {
      if (Add && is_whole(r)) sums[r] = load4(to + r * tree_lanes);
    }
#pragma unroll
    for (int r = 0; r < together; ++r) {
      if (!is_whole(r)) {
        own.each_in_first_row([&](int q, int i) { put<Add>(db + i, next_gradient(words[q], scale)); });
        continue;
      }
      for (int q = 0; q < 4; ++q) {
        const float value = next_gradient(words[q], scale);
        sums[r][q] = Add ? __fadd_rn(sums[r][q], value) : value;
      }
      store4(to + r * tree_lanes, sums[r]);
    }
  }
  own.each_after_last_row([&](int q, int i) { put<Add>(db + i, next_gradient(words[q], scale)); });
}

// Of the elements [from, to) of a group.
template <bool Add>
__device__ void spread_part(int from, int to, const std::int32_t* signs, float scale, float* db) {
  constexpr int together = 4;
  unsigned words[4] = {};
  for (int q = 0; q < 4; ++q) {
    if (Apart::lane(q) < to) words[q] = static_cast<unsigned>(signs[Apart::lane(q)]);
  }
  const auto each = [&](int first, auto&& f) {
    for (int r = 0; r < together; ++r) {
      for (int q = 0; q < 4; ++q) {
        const int i = (first + r) * tree_lanes + Apart::lane(q);
        if (i >= from && i < to) f(i, q, r);
      }
    }
  };
  for (int first = from / tree_lanes; first * tree_lanes < to; first += together) {
    float sums[together][4];
    if (Add) each(first, [&](int i, int q, int r) { sums[r][q] = db[i]; });
    each(first, [&](int i, int q, int r) {
      unsigned word = words[q] >> (2 * (first + r));
      const float value = next_gradient(word, scale);
      db[i] = Add ? __fadd_rn(sums[r][q], value) : value;
    });
  }
}

template <bool Add>
__global__ void __launch_bounds__(threads, 3)
    backward(Pairs pairs, const std::int32_t* signs, const float* s, const float* dloss, Range range, float* db) {
  const int count = first_slot(group, pairs.offsets[pairs.segments], pairs.segments);
  for (int i = static_cast<int>(blockIdx.x) * warps + warp_of_block(); i < count;
       i += static_cast<int>(gridDim.x) * warps) {
    const Slot slot = slot_at(group, i, pairs.segments, pairs.offsets);
    const int begin = slot.offset + slot.begin;
    const int from = max(0, static_cast<int>(range.begin) - begin);
    const int to = min(slot.count, static_cast<int>(range.end) - begin);
    if (from >= to) continue;
    const float inverse = 1.0f / __fadd_rn(s[slot.segment], pairs.eps);
    const float scale = __fmul_rn(-*dloss, __fmul_rn(inverse, inverse));
    const std::int32_t* const words = signs + sign_words(slot.offset, slot.segment) + slot.begin / sign_rows;
    if (to - from == group) {
      spread_group<Add>(words, scale, db + begin);
    } else {
      spread_part<Add>(from, to, words, scale, db + begin);
    }
  }
}

}  // namespace wengert::kernels::gpu::l1
