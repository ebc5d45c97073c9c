// The kernel for large products by the tensor cores, which multiply TF32: float32 with 10 bits of mantissa in place of 23.
//
//   one     operands are rounded to TF32 (to nearest, ties away from zero), products exact, sums the tensor cores' own
//   three   3xTF32: x = big + small, both TF32, and of (big + small)(big + small) all but small small. 16 products of three
//           terms each are summed up by the tensor cores, which cut off what float32 has no room for; the rest in float32,
//           rounded to nearest. As close as float32; NaN where an operand is infinite.
//
// A block computes a tile of 128 x 256 (three: 128 x 128), each of its eight warps 64 x 64 (64 x 32) of it, in slices of 16
// k's, of which four are on their way or in shared memory. mma gives lane (g, t) = (lane / 4, lane % 4) the rows g and the
// k's t and t + 4 of its operands. But the terms of a sum may come in any order, and rows in any place: here a lane has rows
// 4g to 4g + 3 and k's 4t to 4t + 3, so that all it reads from shared memory are quads, whichever of k and row is contiguous.
//
// The simulator runs it; no GPU has yet.
#pragma once

#include <cstddef>

#include "kernels/gpu/sum_tree.hpp"
#include "kernels/ops/matmul/gpu_split.hpp"

namespace wengert::kernels::gpu::tf32 {

/// A warp has 64 rows of a, in two halves, and of b as many halves of 32 as it has registers for.
template <Terms Of>
inline constexpr int halves_of_b = Of == Terms::one ? 2 : 1;
template <Terms Of>
inline constexpr int tile_n = 4 * 32 * halves_of_b<Of>;
inline constexpr int tile_m = 2 * 64, deep = 16, stages = 4;

template <Terms Of>
inline constexpr Tiling tiling{tile_m, tile_n<Of>, deep, 256};
template <Terms Of>
constexpr std::size_t shared_bytes() {
  return sizeof(float) * stages * deep * (tile_m + tile_n<Of>);
}

/// A slice of one operand in shared memory: `Rows` rows of 16 k's. Quads change places so that the eight lanes which a
/// 16-byte access serves at once, two g's with all t's, find theirs in different banks.
template <bool KMajor, int Rows>
struct Panel {
  static constexpr int floats = Rows * deep;

  __device__ static int place(int r, int k) {
    return 4 * (KMajor ? (4 * r + k / 4) ^ (r & 4) : k * (Rows / 4) + ((r / 4) ^ (k / 4 * 2)));
  }
  /// Starts to copy rows from r0 and k's from k0 on, with zeros where there are none.
  __device__ static void fetch(const Factor& from, bool by_quads, int r0, int k0, int end, float* to) {
    const auto there = [&](int r, int k) { return r < from.rows && k < end; };
    const auto each_quad = [&](const auto& copy) {
#pragma unroll
      for (int i = 0; i < floats / 4 / product_threads; ++i) {
        const int quad = static_cast<int>(threadIdx.x) + i * product_threads;
        const int r = KMajor ? quad / 4 : quad % (Rows / 4) * 4, k = KMajor ? quad % 4 * 4 : quad / (Rows / 4);
        copy(to + place(r, k), from.at<KMajor>(r0 + r, k0 + k), r0 + r, k0 + k);
      }
    };
    if (by_quads) {
      each_quad(
          [&](float* at, const float* source, int r, int k) { simt::cp_async<16>(at, source, there(r, k) ? 16 : 0); });
    } else {
      each_quad([&](float* at, const float* source, int r, int k) {
        for (int q = 0; q < 4; ++q)
          simt::cp_async<4>(at + q, source + q, there(KMajor ? r : r + q, KMajor ? k + q : k) ? 4 : 0);
      });
    }
  }
};

/// A lane's 4 rows x 4 k's of an operand, as they lie in shared memory.
template <bool KMajor, int Rows>
struct Loaded {
  Quad quad[4];

  /// Of 32 rows from r on.
  __device__ Loaded(const float* panel, int r) {
    const int first = Panel<KMajor, Rows>::place(warp_lane() / 4 * 4, warp_lane() % 4 * 4);
#pragma unroll
    for (int i = 0; i < 4; ++i)
      quad[i] = load4(panel + (KMajor ? r * deep + (first ^ (i % 2 * 16)) + i / 2 * 32 : r + first + i * Rows));
  }
  __device__ float at(int row, int k) const { return KMajor ? quad[row][k] : quad[k][row]; }
};

/// With half of the last bit that TF32 has: mma cuts off the rest. (cvt.rna.tf32 comes to more instructions.)
__device__ inline float rounded_up(float x) {
  const float power_of_two = __uint_as_float(__float_as_uint(x) & 0xff800000u);
  return fmaf(power_of_two, 0x1p-11f, x);
}

/// The same as words in the order in which mma takes them: for two steps each F fragments, of `RowsOf` rows each.
template <Terms Of, int F, int RowsOf>
struct Part {
  unsigned at[2][F][2 * RowsOf];

  template <class From>
  __device__ void arrange(const From& loaded) {
#pragma unroll
    for (int i = 0; i < 16; ++i) {
      const int k = i / 4, row = i % 4;
      const float x = loaded.at(row, k);
      at[k / 2][row / RowsOf][k % 2 * RowsOf + row % RowsOf] = __float_as_uint(Of == Terms::one ? rounded_up(x) : x);
    }
  }
};
template <Terms Of>
using PartOfA = Part<Of, 2, 2>;
template <Terms Of>
using PartOfB = Part<Of, 4, 1>;

/// What of numbers the tensor cores see, and what is left of them.
template <int N>
struct Split {
  unsigned big[N], small[N];

  __device__ explicit Split(const unsigned (&x)[N]) {
#pragma unroll
    for (int i = 0; i < N; ++i) {
      big[i] = x[i] & 0xffffe000u;
      small[i] = __float_as_uint(__fsub_rn(__uint_as_float(x[i]), __uint_as_float(big[i])));
    }
  }
};

__device__ __forceinline__ void multiply_add(const Split<4>& a, const Split<2>& b, float (&sum)[4]) {
  simt::mma_m16n8k8_tf32(sum, a.small, b.big, sum);
  simt::mma_m16n8k8_tf32(sum, a.big, b.small, sum);
  simt::mma_m16n8k8_tf32(sum, a.big, b.big, sum);
}

/// A warp's 32 x 32 += a b^T.
__device__ __forceinline__ void multiply_add(const PartOfA<Terms::one>& a, const PartOfB<Terms::one>& b,
                                             float (&sum)[2][4][4]) {
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int s = i / 8, f = i / 4 % 2, n = i % 4;
    simt::mma_m16n8k8_tf32(sum[f][n], a.at[s][f], b.at[s][n], sum[f][n]);
  }
}
__device__ __forceinline__ void multiply_add(const PartOfA<Terms::three>& a, const PartOfB<Terms::three>& b,
                                             float (&sum)[2][4][4]) {
#pragma unroll
  for (int f = 0; f < 2; ++f) {
    const Split<4> a0(a.at[0][f]), a1(a.at[1][f]);
#pragma unroll
    for (int n = 0; n < 4; ++n) {
      float added[4] = {};
      multiply_add(a0, Split<2>(b.at[0][n]), added);
      multiply_add(a1, Split<2>(b.at[1][n]), added);
      for (int i = 0; i < 4; ++i) sum[f][n][i] = __fadd_rn(sum[f][n][i], added[i]);
    }
  }
}

template <bool KMajorA, bool KMajorB, Terms Of>
__global__ void __launch_bounds__(product_threads, 1)
    product(Factor a, Factor b, int depth, bool quads_of_a, bool quads_of_b, Slices slices, Output out) {
  using PanelA = Panel<KMajorA, tile_m>;
  using PanelB = Panel<KMajorB, tile_n<Of>>;
  constexpr int halves = halves_of_b<Of>;
  SHARED_DYNAMIC(float, shared);
  const Corner corner(out, tile_m, tile_n<Of>);
  const int warp_m = warp_of_block() % 2 * 64, warp_n = warp_of_block() / 2 * 32 * halves;
  const int begin = static_cast<int>(blockIdx.y) * slices.depth, end = min(depth, begin + slices.depth);
  const int steps = (end - begin + deep - 1) / deep;
  const auto panels = [&](int step) {
    return shared + static_cast<unsigned>(step) % stages * (PanelA::floats + PanelB::floats);
  };
  const auto fetch = [&](int step) {
    if (step < steps) {
      const int k = begin + step * deep;
      PanelA::fetch(a, quads_of_a, corner.m, k, end, panels(step));
      PanelB::fetch(b, quads_of_b, corner.n, k, end, panels(step) + PanelA::floats);
    }
    simt::cp_async_commit();
  };
  const auto load_a = [&](int step, int half) { return Loaded<KMajorA, tile_m>(panels(step), warp_m + 32 * half); };
  const auto load_b = [&](int step, int half) {
    return Loaded<KMajorB, tile_n<Of>>(panels(step) + PanelA::floats, warp_n + 32 * half);
  };

  for (int step = 0; step < stages; ++step) fetch(step);
  simt::cp_async_wait<stages - 1>();
  __syncthreads();
  PartOfA<Of> part_a[2];
  PartOfB<Of> part_b;
  part_a[0].arrange(load_a(0, 0));
  part_b.arrange(load_b(0, 0));
  float sum[2][halves][2][4][4] = {};  // by the halves of a and of b

  // The four quarters of a warp's tile in an order in which each shares an operand with the one before: the other one is
  // loaded while that is worked on. A slice begins with the half of a that the last one ended with.
  for (int first = 0; first < steps; first += 2) {
#pragma unroll
    for (int p = 0; p < 2; ++p) {
      const int step = first + p;
      if (step == steps) break;
      const int next = min(step + 1, steps - 1);  // of the last slice's parts nobody makes use
      PartOfA<Of>&held = part_a[p], &other = part_a[1 - p];
      const auto other_a = load_a(step, 1 - p);
      multiply_add(held, part_b, sum[p][0]);
      other.arrange(other_a);
      if constexpr (halves == 2) {
        const auto other_b = load_b(step, 1);
        multiply_add(other, part_b, sum[1 - p][0]);
        part_b.arrange(other_b);
      }

      // The rest of this slice is in registers: its place is free for another, and the next slice has arrived.
      simt::cp_async_wait<stages - 2>();
      __syncthreads();
      fetch(step + stages);
      const auto next_a = load_a(next, 1 - p);
      multiply_add(other, part_b, sum[1 - p][halves - 1]);
      other.arrange(next_a);
      const auto next_b = load_b(next, 0);
      if constexpr (halves == 2) multiply_add(held, part_b, sum[p][1]);
      part_b.arrange(next_b);
    }
  }
  if (!add_slices(slices, reinterpret_cast<float(&)[64 * halves]>(sum))) return;

  const int m = corner.m + warp_m + warp_lane() / 4 * 4, n = corner.n + warp_n + warp_lane() % 4 * 8;
#pragma unroll
  for (int i = 0; i < 8 * halves; ++i) {
    const int half_a = i / 4 / halves, half_b = i / 4 % halves, row = i % 4;
    float of_row[8];
    for (int j = 0; j < 8; ++j) of_row[j] = sum[half_a][half_b][row / 2][j % 4][row % 2 * 2 + j / 4];
    out.put8(m + 32 * half_a + row, n + 32 * half_b, of_row);
  }
}

}  // namespace wengert::kernels::gpu::tf32
