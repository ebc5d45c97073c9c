// How the work of inverse_l1.cu is shared out, and what a thread holds of it.
#pragma once

#include <cstdint>

#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/inverse_l1/inverse_l1.hpp"

namespace wengert::kernels::gpu::l1 {

inline constexpr int sign_rows = 16;                  // of lanes, whose signs share words
inline constexpr int group = sign_rows * tree_lanes;  // elements
inline constexpr int threads = 256, warps = threads / 32;

// Work is dealt out in slots of `size` elements. Segment k's begin at slot offset / size + k, which leaves room for its
// last, shorter one whatever the offsets are, so that no table of slots is needed.
__host__ __device__ constexpr int first_slot(int size, int offset, int k) { return offset / size + k; }

struct Slot {
  int segment, offset, length;  // the segment's place
  int begin, count;             // the elements [begin, begin + count) of it; none if there are no more
};

// By all threads of a warp, each of which tries one place in 32.
__device__ inline Slot slot_at(int size, int slot, int segments, const std::int32_t* offsets) {
  int low = 0;
  for (int count = segments; count > 1;) {
    const int step = (count + 31) / 32, tried = warp_lane() * step;
    const bool has_begun = tried < count && first_slot(size, offsets[low + tried], low + tried) <= slot;
    const int last = (__popc(__ballot_sync(whole_warp, has_begun)) - 1) * step;
    low += last;
    count = min(step, count - last);
  }
  const int offset = offsets[low], length = offsets[low + 1] - offset;
  const int begin = (slot - first_slot(size, offset, low)) * size;
  return {low, offset, length, begin, min(size, length - begin)};
}

// The lanes of a thread that reads 16-byte quads of arrays which begin `shift` floats after a 16-byte boundary: its quad
// of a row begins `shift` elements early, so that the first ones of thread 0 are the last lanes, of the row before.
struct Turned {
  int shift;
  __device__ int start() const { return 4 * warp_lane() - shift; }
  __device__ int lane(int q) const { return (start() + q) % tree_lanes + (start() + q < 0 ? tree_lanes : 0); }
  __device__ static float fold(const Lanes& x) { return Neighbours::fold(x); }
  /// f(q, element) of the quad's places that lie in the first row, and of those that follow the last one.
  template <class F>
  __device__ void each_in_first_row(const F& f) const {
    for (int q = 0; q < 4; ++q) {
      if (start() + q >= 0) f(q, start() + q);
    }
  }
  template <class F>
  __device__ void each_after_last_row(const F& f) const {
    for (int q = 0; q < 4; ++q) {
      if (start() + q < 0) f(q, group + start() + q);
    }
  }
};

__device__ inline int shift_of(const float* p) { return static_cast<int>(reinterpret_cast<std::uintptr_t>(p) / 4 % 4); }

struct Pairs {
  int segments;
  const std::int32_t* offsets;
  float eps;
};

__device__ inline int length(const Pairs& pairs, int k) { return pairs.offsets[k + 1] - pairs.offsets[k]; }
__device__ inline int tree_blocks(int count) { return (count - 1) / tree_block + 1; }

}  // namespace wengert::kernels::gpu::l1
