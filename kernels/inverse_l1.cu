#include "kernels/error.hpp"
#include "kernels/gpu/inverse_l1.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/quad.hpp"
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
  int segment, begin, count;  // the elements [begin, begin + count) of the segment; none if there are no more
};

__device__ Slot slot_at(int size, int slot, int segments, const std::int32_t* offsets) {
  int low = 0;
  for (int high = segments; high - low > 1;) {
    const int middle = (low + high) / 2;
    (first_slot(size, offsets[middle], middle) <= slot ? low : high) = middle;
  }
  const int offset = offsets[low], begin = (slot - first_slot(size, offset, low)) * size;
  return {low, begin, min(size, offsets[low + 1] - offset - begin)};
}

// The signs of one element in every row of its group, two bits each.
__device__ void add(float a, float b, int q, int row, Lanes& sums, unsigned (&words)[4]) {
  const float difference = __fsub_rn(b, a);
  sums.add(q, fabsf(difference));
  if (difference > 0.0f) words[q] |= 1u << (2 * row);
  if (difference < 0.0f) words[q] |= 2u << (2 * row);
}

template <class Layout>
__device__ Quad load_row(const float* row) {
  if constexpr (std::is_same_v<Layout, Neighbours>) return load4(row + Layout::lane(0));
  return {{row[Layout::lane(0)], row[Layout::lane(1)], row[Layout::lane(2)], row[Layout::lane(3)]}};
}

// A whole group: the loads of four rows are in flight together.
template <class Layout>
__device__ void add_group(const float* a, const float* b, std::int32_t* signs, Lanes& sums) {
  constexpr int together = 4;
  unsigned words[4] = {};
#pragma unroll
  for (int first = 0; first < sign_rows; first += together) {
    Quad from_a[together], from_b[together];
    for (int r = 0; r < together; ++r) {
      from_a[r] = load_row<Layout>(a + (first + r) * tree_lanes);
      from_b[r] = load_row<Layout>(b + (first + r) * tree_lanes);
    }
    for (int r = 0; r < together; ++r) {
      for (int q = 0; q < 4; ++q) add(from_a[r][q], from_b[r][q], q, first + r, sums, words);
    }
  }
  if constexpr (std::is_same_v<Layout, Neighbours>) {
    *reinterpret_cast<uint4*>(signs + Layout::lane(0)) = make_uint4(words[0], words[1], words[2], words[3]);
  } else {
    for (int q = 0; q < 4; ++q) signs[Layout::lane(q)] = static_cast<std::int32_t>(words[q]);
  }
}

template <class Layout>
__device__ void add_part_of_group(int count, const float* a, const float* b, std::int32_t* signs, Lanes& sums) {
  unsigned words[4] = {};
#pragma unroll 4
  for (int row = 0; row < (count + tree_lanes - 1) / tree_lanes; ++row) {
    for (int q = 0; q < 4; ++q) {
      const int i = row * tree_lanes + Layout::lane(q);
      if (i < count) add(a[i], b[i], q, row, sums, words);
    }
  }
  for (int q = 0; q < 4; ++q) {
    if (Layout::lane(q) < count) signs[Layout::lane(q)] = static_cast<std::int32_t>(words[q]);
  }
}

// One block of the sum tree, by one warp.
template <class Layout>
__device__ float distance(int count, const float* a, const float* b, std::int32_t* signs) {
  Lanes sums;
  int i = 0;
  for (; i + group <= count; i += group) add_group<Layout>(a + i, b + i, signs + i / sign_rows, sums);
  if (i < count) add_part_of_group<Layout>(count - i, a + i, b + i, signs + i / sign_rows, sums);
  return Layout::fold(sums);
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
  for (int first = warp_of_block() * 32; first < pairs.segments; first += static_cast<int>(blockDim.x)) {
    const int k = first + warp_lane(), n = k < pairs.segments ? length(pairs, k) : 1;
    if (n == 0) s[k] = 0.0f;
    const bool one_warp_will_do = n > tree_block && n <= tree_block * tree_block;
    if (n > tree_block * tree_block) longest[atomicAdd(long_ones, 1)] = k;
    for (unsigned todo = __ballot_sync(whole_warp, one_warp_will_do); todo != 0; todo &= todo - 1) {
      const int other = first + __ffs(static_cast<int>(todo)) - 1;
      const float* const sums = slots_of(other);
      const float sum = warp_sum(tree_blocks(length(pairs, other)), [=](int i) { return sums[i]; });
      if (warp_lane() == 0) s[other] = sum;
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

__global__ void __launch_bounds__(threads) forward(Pairs pairs, const float* a, const float* b, float* s,
                                                   std::int32_t* signs, float* loss, float* slots, unsigned* ticket) {
  const int count = first_slot(tree_block, pairs.offsets[pairs.segments], pairs.segments);
  for (int i = static_cast<int>(blockIdx.x) * warps + warp_of_block(); i < count;
       i += static_cast<int>(gridDim.x) * warps) {
    const Slot slot = slot_at(tree_block, i, pairs.segments, pairs.offsets);
    if (slot.count <= 0) continue;
    const int offset = pairs.offsets[slot.segment], begin = offset + slot.begin;
    std::int32_t* const words = signs + sign_words(offset, slot.segment) + slot.begin / sign_rows;
    const float sum = aligned16(a + begin, b + begin, words)
                          ? distance<Neighbours>(slot.count, a + begin, b + begin, words)
                          : distance<Apart>(slot.count, a + begin, b + begin, words);
    if (warp_lane() == 0) (length(pairs, slot.segment) <= tree_block ? s[slot.segment] : slots[i]) = sum;
  }
  if (gridDim.x > 1 && !is_last_block(ticket, gridDim.x)) return;
  __syncthreads();
  finish(pairs, slots, s, loss);
}

// The gradient of one group of elements, by one warp: those of [from, to) among them.
__device__ float gradient_at(const unsigned (&words)[4], int q, int row, float scale) {
  const int sign = static_cast<int>(words[q] >> (2 * row));
  return __fmul_rn(scale, static_cast<float>((sign & 1) - (sign >> 1 & 1)));
}

template <bool Add>
__device__ void spread_group(const std::int32_t* signs, float scale, float* db) {
  constexpr int together = 8;
  const uint4 four = *reinterpret_cast<const uint4*>(signs + Neighbours::lane(0));
  const unsigned words[4] = {four.x, four.y, four.z, four.w};
#pragma unroll
  for (int first = 0; first < sign_rows; first += together) {
    Quad sums[together] = {};
    float* const to = db + first * tree_lanes + Neighbours::lane(0);
    for (int r = 0; Add && r < together; ++r) sums[r] = load4(to + r * tree_lanes);
    for (int r = 0; r < together; ++r) {
      for (int q = 0; q < 4; ++q) {
        const float value = gradient_at(words, q, first + r, scale);
        sums[r][q] = Add ? __fadd_rn(sums[r][q], value) : value;
      }
      store4(to + r * tree_lanes, sums[r]);
    }
  }
}

__device__ void spread_part_of_group(int from, int to, const std::int32_t* signs, float scale, Sink<float> db) {
  unsigned words[4] = {};
  for (int q = 0; q < 4; ++q) {
    if (Apart::lane(q) < to) words[q] = static_cast<unsigned>(signs[Apart::lane(q)]);
  }
#pragma unroll 4
  for (int row = from / tree_lanes; row < (to + tree_lanes - 1) / tree_lanes; ++row) {
    for (int q = 0; q < 4; ++q) {
      const int i = row * tree_lanes + Apart::lane(q);
      if (i < from || i >= to) continue;
      const float value = gradient_at(words, q, row, scale);
      db.data[i] = db.mode == SinkMode::add ? __fadd_rn(db.data[i], value) : value;
    }
  }
}

__global__ void __launch_bounds__(threads)
    backward(Pairs pairs, const std::int32_t* signs, const float* s, const float* dloss, Range range, Sink<float> db) {
  const int count = first_slot(group, pairs.offsets[pairs.segments], pairs.segments);
  for (int i = static_cast<int>(blockIdx.x) * warps + warp_of_block(); i < count;
       i += static_cast<int>(gridDim.x) * warps) {
    const Slot slot = slot_at(group, i, pairs.segments, pairs.offsets);
    const int offset = pairs.offsets[slot.segment], begin = offset + slot.begin;
    const int from = max(0, static_cast<int>(range.begin) - begin);
    const int to = min(slot.count, static_cast<int>(range.end) - begin);
    if (from >= to) continue;
    const float inverse = 1.0f / __fadd_rn(s[slot.segment], pairs.eps);
    const float scale = __fmul_rn(-*dloss, __fmul_rn(inverse, inverse));
    const std::int32_t* const words = signs + sign_words(offset, slot.segment) + slot.begin / sign_rows;
    float* const part = db.data + begin;
    if (to - from < group || !aligned16(words, part)) {
      spread_part_of_group(from, to, words, scale, {part, db.mode});
    } else if (db.mode == SinkMode::add) {
      spread_group<true>(words, scale, part);
    } else {
      spread_group<false>(words, scale, part);
    }
  }
}

}  // namespace

void inverse_l1(On on, int segments, const std::int32_t* offsets, std::int64_t n, double eps, const float* a,
                const float* b, float* s, std::int32_t* signs, float* loss, float* scratch, unsigned* ticket) {
  if (segments > most_numbers)
    fail("inverse_l1: ", segments, " pairs, but the GPU's kernel takes at most ", most_numbers);
  const std::int64_t slots = n / tree_block + segments;
  simt::launch<forward>({grid_of(ceil_div(slots, warps), 4, on), threads, 0, on.stream},
                        Pairs{segments, offsets, static_cast<float>(eps)}, a, b, s, signs, loss, scratch, ticket);
}

void inverse_l1_backward(On on, int segments, const std::int32_t* offsets, std::int64_t n, double eps,
                         const std::int32_t* signs, const float* s, const float* dloss, Range range, Sink<float> db) {
  if (!db.wanted() || n == 0) return;
  const std::int64_t slots = n / group + segments;
  simt::launch<backward>({grid_of(ceil_div(slots, warps), 8, on), threads, 0, on.stream},
                         Pairs{segments, offsets, static_cast<float>(eps)}, signs, s, dloss, range, db);
}

}  // namespace wengert::kernels::gpu
