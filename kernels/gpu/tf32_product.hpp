// The kernel for large products by the tensor cores, which multiply TF32: float32 with 10 bits of mantissa in place of 23.
//
//   One     operands are rounded to TF32 (to nearest, ties away from zero), products exact, sums the tensor cores' own
//   Three   3xTF32: x = big + small, both TF32, and of (big + small)(big + small) all but small small. Each eight products
//           of three terms are summed up by the tensor cores, which cut off what float32 has no room for; the rest in
//           float32, rounded to nearest. As close as float32, but for operands that are infinite or next to it: NaN.
//
// A block computes a tile of 128 x 256, each of its eight warps 64 x 64 of it, in slices of 16 k's, of which four are on
// their way or in shared memory. mma gives lane (g, t) = (lane / 4, lane % 4) the rows g and the k's t and t + 4 of its
// operands. But the terms of a sum may come in any order, and rows in any place: here a lane has rows 4g to 4g + 3 and k's
// 4t to 4t + 3, so that all it reads from shared memory are quads, whichever of k and row is contiguous.
#pragma once

#include <cstddef>

#include "kernels/gpu/cut.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu::tf32 {

inline constexpr int tile_m = 128, tile_n = 256, deep = 16, stages = 4;
inline constexpr Tiling tiling{tile_m, tile_n, deep, 256};
inline constexpr std::size_t shared_bytes = sizeof(float) * stages * (tile_m + tile_n) * deep;

/// A lane's 4 rows x 4 k's of an operand.
struct Part {
  float at[4][4];
};

/// A slice of one operand in shared memory: `Rows` rows of 16 k's. Quads change places so that the eight lanes of which a
/// 16-byte access serves at once, two g's with all t's, find theirs in different banks.
template <bool KMajor, int Rows>
struct Panel {
  static constexpr int floats = Rows * deep;

  __device__ static int place(int r, int k) {
    return 4 * (KMajor ? (4 * r + k / 4) ^ (r & 4) : k * (Rows / 4) + ((r / 4) ^ (k / 4 * 2)));
  }
  /// Starts to copy rows from r0 and k's from k0 on, with zeros where there are none.
  __device__ static void fetch(const Operand& from, bool by_quads, int r0, int k0, int end, float* to) {
#pragma unroll
    for (int i = 0; i < floats / 4 / product_threads; ++i) {
      const int quad = static_cast<int>(threadIdx.x) + i * product_threads;
      const int r = KMajor ? quad / 4 : quad % (Rows / 4) * 4, k = KMajor ? quad % 4 * 4 : quad / (Rows / 4);
      float* const at = to + place(r, k);
      const float* const source = from.at<KMajor>(r0 + r, k0 + k);
      if (by_quads) {
        const bool there = r0 + r < from.rows && k0 + k < end;
        simt::cp_async<16>(at, there ? source : from.data, there ? 16 : 0);
        continue;
      }
      for (int q = 0; q < 4; ++q) {
        const bool there = r0 + r + (KMajor ? 0 : q) < from.rows && k0 + k + (KMajor ? q : 0) < end;
        simt::cp_async<4>(at + q, there ? source + q : from.data, there ? 4 : 0);
      }
    }
  }
  /// The lane's part of 32 rows.
  __device__ static Part load(const float* panel, int r) {
    const int g = warp_lane() / 4, t = warp_lane() % 4;
    Part part;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const Quad quad = load4(panel + (KMajor ? place(r + 4 * g + i, 4 * t) : place(r + 4 * g, 4 * t + i)));
      for (int q = 0; q < 4; ++q) (KMajor ? part.at[i][q] : part.at[q][i]) = quad[q];
    }
    return part;
  }
};

/// Rounds what is multiplied as it is.
template <Terms Of>
__device__ void round_to_tf32(Part& part) {
  if constexpr (Of == Terms::three) return;
#pragma unroll
  for (int i = 0; i < 4; ++i) {
#pragma unroll
    for (int j = 0; j < 4; ++j) part.at[i][j] = __uint_as_float(simt::cvt_rna_tf32(part.at[i][j]));
  }
}

/// What mma takes of an operand.
template <Terms Of, int N>
struct Fragment {
  unsigned big[N], small[N];

  __device__ void set(int i, float x) {
    if constexpr (Of == Terms::one) {
      big[i] = __float_as_uint(x);
    } else {
      big[i] = simt::cvt_rna_tf32(x);
      small[i] = simt::cvt_rna_tf32(__fsub_rn(x, __uint_as_float(big[i])));
    }
  }
};

template <Terms Of>
__device__ void multiply_add(const Fragment<Of, 4>& a, const Fragment<Of, 2>& b, float (&sum)[4]) {
  if constexpr (Of == Terms::one) {
    simt::mma_m16n8k8_tf32(sum, a.big, b.big, sum);
  } else {
    float added[4] = {};
    simt::mma_m16n8k8_tf32(added, a.small, b.big, added);
    simt::mma_m16n8k8_tf32(added, a.big, b.small, added);
    simt::mma_m16n8k8_tf32(added, a.big, b.big, added);
    for (int i = 0; i < 4; ++i) sum[i] = __fadd_rn(sum[i], added[i]);
  }
}

/// A warp's 32 x 32 += a b^T. Fragment f of a is its rows 2f and 2f + 1, fragment n of b its row n.
template <Terms Of>
__device__ __forceinline__ void multiply_add(const Part& a, const Part& b, float (&sum)[2][4][4]) {
#pragma unroll
  for (int s = 0; s < 4; s += 2) {
    Fragment<Of, 4> of_a[2];
#pragma unroll
    for (int i = 0; i < 8; ++i) of_a[i / 4].set(i % 4, a.at[i / 4 * 2 + i % 2][s + i / 2 % 2]);
#pragma unroll
    for (int n = 0; n < 4; ++n) {
      Fragment<Of, 2> of_b;
      for (int i = 0; i < 2; ++i) of_b.set(i, b.at[n][s + i]);
      for (int f = 0; f < 2; ++f) multiply_add(of_a[f], of_b, sum[f][n]);
    }
  }
}

template <bool KMajorA, bool KMajorB, Terms Of>
__global__ void __launch_bounds__(product_threads, 1)
    product(Operand a, Operand b, int depth, bool quads_of_a, bool quads_of_b, Slices slices, Output out) {
  using PanelA = Panel<KMajorA, tile_m>;
  using PanelB = Panel<KMajorB, tile_n>;
  SHARED_DYNAMIC(float, shared);
  const Corner corner(out, tile_m, tile_n);
  const int warp_m = warp_of_block() % 2 * 64, warp_n = warp_of_block() / 2 * 64;
  const int begin = static_cast<int>(blockIdx.y) * slices.depth, end = min(depth, begin + slices.depth);
  const int steps = (end - begin + deep - 1) / deep;
  const auto panels = [&](int step) { return shared + step % stages * (PanelA::floats + PanelB::floats); };
  const auto fetch = [&](int step) {
    if (step < steps) {
      const int k = begin + step * deep;
      PanelA::fetch(a, quads_of_a, corner.m, k, end, panels(step));
      PanelB::fetch(b, quads_of_b, corner.n, k, end, panels(step) + PanelA::floats);
    }
    simt::cp_async_commit();
  };
  const auto load_a = [&](int step, int half) { return PanelA::load(panels(step), warp_m + 32 * half); };
  const auto load_b = [&](int step, int half) {
    return PanelB::load(panels(step) + PanelA::floats, warp_n + 32 * half);
  };

  for (int step = 0; step < stages; ++step) fetch(step);
  simt::cp_async_wait<stages - 1>();
  __syncthreads();
  Part part_a[2], part_b[2];
  part_a[0] = load_a(0, 0);
  part_b[0] = load_b(0, 0);
  round_to_tf32<Of>(part_a[0]);
  round_to_tf32<Of>(part_b[0]);
  float sum[2][2][2][4][4] = {};  // by the halves of a and of b

  // The four quarters of a warp's tile in an order in which each shares an operand with the one before, so that a part is
  // loaded while another quarter is worked on. A slice begins with the half of a that the last one ended with.
  for (int first = 0; first < steps; first += 2) {
#pragma unroll
    for (int p = 0; p < 2; ++p) {
      const int step = first + p;
      if (step == steps) break;
      const int next = min(step + 1, steps - 1);  // of the last slice's parts nobody makes use
      Part &held = part_a[p], &other = part_a[1 - p];
      other = load_a(step, 1 - p);
      multiply_add<Of>(held, part_b[0], sum[p][0]);
      part_b[1] = load_b(step, 1);
      round_to_tf32<Of>(other);
      multiply_add<Of>(other, part_b[0], sum[1 - p][0]);

      // The rest of this slice is in registers: its place is free for another, and the next slice has arrived.
      simt::cp_async_wait<stages - 2>();
      __syncthreads();
      fetch(step + stages);
      part_b[0] = load_b(next, 0);
      round_to_tf32<Of>(part_b[1]);
      multiply_add<Of>(other, part_b[1], sum[1 - p][1]);
      other = load_a(next, 1 - p);
      multiply_add<Of>(held, part_b[1], sum[p][1]);
      round_to_tf32<Of>(part_b[0]);
      round_to_tf32<Of>(other);
    }
  }
  if (!add_slices(slices, reinterpret_cast<float(&)[128]>(sum))) return;

  const int m = corner.m + warp_m + warp_lane() / 4 * 4, n = corner.n + warp_n + warp_lane() % 4 * 8;
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int half_a = i / 8, half_b = i / 4 % 2, row = i % 4;
    float of_row[8];
    for (int j = 0; j < 8; ++j) of_row[j] = sum[half_a][half_b][row / 2][j % 4][row % 2 * 2 + j / 4];
    out.put8(m + 32 * half_a + row, n + 32 * half_b, of_row);
  }
}

}  // namespace wengert::kernels::gpu::tf32
