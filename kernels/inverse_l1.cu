// One launch each way, for any number of segments. The forward pass works through slots of up to 4096 elements, the
// blocks of the sum tree, wherever they are computed; the last block adds the slots' sums in their order.
#include "kernels/inverse_l1.hpp"

#include "kernels/error.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/offer.hpp"
#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {
namespace {

constexpr int sign_rows = 16;                  // of lanes, whose signs share words
constexpr int group = sign_rows * tree_lanes;  // elements
constexpr int threads = 256, warps = threads / 32;

// Work is dealt out in slots of `size` elements. Segment k's begin at slot offset / size + k, which leaves room for its
// last, shorter one whatever the offsets are, so that no table of slots is needed.
__host__ __device__ constexpr int first_slot(int size, int offset, int k) { return offset / size + k; }

struct Slot {
  int segment, offset, length;  // the segment's place
  int begin, count;             // the elements [begin, begin + count) of it; none if there are no more
};

// By all threads of a warp, each of which tries one place in 32.
__device__ Slot slot_at(int size, int slot, int segments, const std::int32_t* offsets) {
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

__device__ int shift_of(const float* p) { return static_cast<int>(reinterpret_cast<std::uintptr_t>(p) / 4 % 4); }

// Adds an element to its lane's sum, and its sign to the lane's word, from the top: the first of 16 ends up lowest.
__device__ void add(float a, float b, int q, Lanes& sums, unsigned (&words)[4]) {
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

struct Pairs {
  int segments;
  const std::int32_t* offsets;
  float eps;
};

__device__ int length(const Pairs& pairs, int k) { return pairs.offsets[k + 1] - pairs.offsets[k]; }
__device__ int tree_blocks(int count) { return (count - 1) / tree_block + 1; }

// s of the segments that have more than one slot, and the loss, by one block.
__device__ void finish(const Pairs& pairs, const float* slots, float* s, float* loss) {
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

// +1, 0 or -1 times the scale, by the lowest of the word's signs, which is then done with.
__device__ float next_gradient(unsigned& word, float scale) {
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

Pairs pairs_of(std::int64_t segments, const std::int32_t* offsets, double eps) {
  if (segments > most_numbers)
    fail("inverse_l1: ", segments, " pairs, but the GPU's kernels take at most ", most_numbers);
  return {static_cast<int>(segments), offsets, static_cast<float>(eps)};
}

}  // namespace

void inverse_l1(Stream& stream, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps,
                const float* a, const float* b, float* s, std::int32_t* signs, float* loss) {
  GpuStream& on = on_gpu(stream);
  const Pairs pairs = pairs_of(segments, offsets, eps);
  const std::int64_t slots = n / tree_block + segments;
  const simt::Launch where{grid_of(ceil_div(slots, warps), 16, on), threads, 0, on.queue};
  // With little to do what counts is how long one warp takes, so that all of a group is loaded at once.
  if (slots <= std::int64_t{processors()} * warps) {
    simt::launch<forward<sign_rows>>(where, pairs, a, b, s, signs, loss, on.scratch(slots), on.tickets(1));
  } else {
    simt::launch<forward<4>>(where, pairs, a, b, s, signs, loss, on.scratch(slots), on.tickets(1));
  }
}

void inverse_l1_backward(Stream& stream, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps,
                         const std::int32_t* signs, const float* s, const float* dloss, Range range, Sink<float> db) {
  if (!db.wanted() || n == 0) return;
  const GpuStream& on = on_gpu(stream);
  const Pairs pairs = pairs_of(segments, offsets, eps);
  const std::int64_t slots = n / group + segments;
  const simt::Launch where{grid_of(ceil_div(slots, warps), 32, on), threads, 0, on.queue};
  if (db.mode == SinkMode::add) {
    simt::launch<backward<true>>(where, pairs, signs, s, dloss, range, db.data);
  } else {
    simt::launch<backward<false>>(where, pairs, signs, s, dloss, range, db.data);
  }
}

namespace {

const Offer offered{take_place<&kernels::inverse_l1<float>, &inverse_l1>(),
                    take_place<&kernels::inverse_l1_backward<float>, &inverse_l1_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
