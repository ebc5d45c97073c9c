#include <algorithm>
#include <limits>

#include "kernels/error.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/linear.hpp"
#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {
namespace {

// All products here are C(m, n) = sum over k of A(m, k) B(n, k). An operand is k-major if its neighbours in memory differ
// in k, and else they differ in m or n.
struct Operand {
  const float* data;
  int rows;    // m or n
  int stride;  // of what is not contiguous
};

struct Output {
  float* y;
  int rows, cols;
  const float* bias;  // or null
  Activation activation;
  bool add;

  __device__ void put(int m, int n, float value) const {
    if (bias != nullptr) value = __fadd_rn(value, bias[n]);
    if (activation == Activation::relu) value = value < 0.0f ? 0.0f : value;
    float* const to = y + std::int64_t{m} * cols + n;
    *to = add ? __fadd_rn(*to, value) : value;
  }
};

constexpr int threads = 256;

// The depth may be cut in slices, each worked on by a block of its own.
struct Slices {
  int count, depth;  // each slice's depth but the last one's
  float* sums;
  unsigned* tickets;  // one for each tile
};

// Adds each thread's N sums of the slices of a tile, in the order of the slices, by whichever block is done last; true
// in that one.
template <int N>
__device__ bool add_slices(const Slices& slices, float (&sum)[N]) {
  if (slices.count == 1) return true;
  const auto tile = static_cast<std::int64_t>(blockIdx.y * gridDim.x + blockIdx.x);
  const auto at = [&](int slice, int i) -> float& {
    return slices.sums[((tile * slices.count + slice) * N + i) * threads + threadIdx.x];
  };
#pragma unroll
  for (int i = 0; i < N; ++i) at(static_cast<int>(blockIdx.z), i) = sum[i];
  if (!is_last_block(slices.tickets + tile, static_cast<unsigned>(slices.count))) return false;
#pragma unroll
  for (int i = 0; i < N; ++i) sum[i] = at(0, i);
#pragma unroll(N <= 8 ? 4 : 1)
  for (int slice = 1; slice < slices.count; ++slice) {
#pragma unroll
    for (int i = 0; i < N; ++i) sum[i] = __fadd_rn(sum[i], at(slice, i));
  }
  return true;
}

// The kernel for large products. A block computes a tile of 128 x 128, a thread 8 x 8 of it: four squares of 4 x 4, so
// that every 16-byte read of a warp from shared memory is of at most 128 different bytes. While a slice of 8 k's is
// worked on, the next one is loaded to registers.
constexpr int tile = 128, deep = 8, row = tile + 4;
constexpr int quads = tile * deep / 4 / threads;  // of each operand, for each thread to move

template <bool KMajor, bool Whole>
struct Loader {
  Quad held[quads];

  __device__ static float at(const Operand& from, int depth, int r, int k) {
    if (r >= from.rows || k >= depth) return 0.0f;
    return from.data[KMajor ? std::int64_t{r} * from.stride + k : std::int64_t{k} * from.stride + r];
  }
  // Which quad is the thread's i-th: its first row and k.
  __device__ static int first_row(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * threads;
    return KMajor ? quad / (deep / 4) : quad % (tile / 4) * 4;
  }
  __device__ static int first_k(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * threads;
    return KMajor ? quad % (deep / 4) * 4 : quad / (tile / 4);
  }
  __device__ void load(const Operand& from, int depth, int r0, int k0) {
    for (int i = 0; i < quads; ++i) {
      const int r = r0 + first_row(i), k = k0 + first_k(i);
      if constexpr (Whole) {
        held[i] = load4(from.data + (KMajor ? std::int64_t{r} * from.stride + k : std::int64_t{k} * from.stride + r));
      } else {
        for (int q = 0; q < 4; ++q) held[i][q] = KMajor ? at(from, depth, r, k + q) : at(from, depth, r + q, k);
      }
    }
  }
  __device__ void store(float (&to)[deep][row]) const {
    for (int i = 0; i < quads; ++i) {
      if constexpr (KMajor) {
        for (int q = 0; q < 4; ++q) to[first_k(i) + q][first_row(i)] = held[i][q];
      } else {
        store4(&to[first_k(i)][first_row(i)], held[i]);
      }
    }
  }
};

template <bool KMajorA, bool KMajorB, bool Whole>
__global__ void __launch_bounds__(threads, 2) big_product(Operand a, Operand b, int depth, Slices slices, Output out) {
  SHARED(float, tile_a, [2][deep][row]);
  SHARED(float, tile_b, [2][deep][row]);
  const int m0 = static_cast<int>(blockIdx.y) * tile, n0 = static_cast<int>(blockIdx.x) * tile;
  const int thread_m = warp_of_block() % 4 * 32 + warp_lane() / 8 * 4;
  const int thread_n = warp_of_block() / 4 * 64 + warp_lane() % 8 * 4;
  Loader<KMajorA, Whole> load_a;
  Loader<KMajorB, Whole> load_b;
  float sum[64] = {};

  const int begin = static_cast<int>(blockIdx.z) * slices.depth;
  depth = min(depth, begin + slices.depth);
  load_a.load(a, depth, m0, begin);
  load_b.load(b, depth, n0, begin);
  load_a.store(tile_a[0]);
  load_b.store(tile_b[0]);
  __syncthreads();
  int now = 0;
  for (int k0 = begin; k0 < depth; k0 += deep) {
    const bool more = k0 + deep < depth;
    if (more) {
      load_a.load(a, depth, m0, k0 + deep);
      load_b.load(b, depth, n0, k0 + deep);
    }
#pragma unroll
    for (int k = 0; k < deep; ++k) {
      const Quad a0 = load4(&tile_a[now][k][thread_m]), a1 = load4(&tile_a[now][k][thread_m + 16]);
      const Quad b0 = load4(&tile_b[now][k][thread_n]), b1 = load4(&tile_b[now][k][thread_n + 32]);
#pragma unroll
      for (int i = 0; i < 8; ++i) {
#pragma unroll
        for (int j = 0; j < 8; ++j) {
          sum[8 * i + j] = fmaf(i < 4 ? a0[i] : a1[i - 4], j < 4 ? b0[j] : b1[j - 4], sum[8 * i + j]);
        }
      }
    }
    if (more) {
      load_a.store(tile_a[1 - now]);
      load_b.store(tile_b[1 - now]);
    }
    __syncthreads();
    now = 1 - now;
  }
  if (!add_slices(slices, sum)) return;
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int m = m0 + thread_m + (i < 4 ? i : i + 12);
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      const int n = n0 + thread_n + (j < 4 ? j : j + 28);
      if (Whole || (m < out.rows && n < out.cols)) out.put(m, n, sum[8 * i + j]);
    }
  }
}

// The kernel for small ones. A block has a tile of 64 x 32 and one slice of k, of at most 128, all of which it loads at
// once; a thread computes 4 x 2.
constexpr int small_m = 64, small_n = 32, most_depth = 128;
constexpr int small_stride = most_depth + 4;  // an odd number of quads: eight rows' quads lie in different banks

// Rows [r0, r0 + Rows) and k's [begin, end), with zeros where there are none.
template <bool KMajor, int Rows>
__device__ void load_slice(const Operand& from, bool by_quads, int r0, int begin, int end, float* to) {
  const int width = by_quads ? 4 : 1, depth = (end - begin + 3) / 4 * 4, per_row = depth / width;
  for (int i = static_cast<int>(threadIdx.x); i < Rows * per_row; i += threads) {
    const int r = KMajor ? i / per_row : i % Rows, k = KMajor ? i % per_row * width : i / Rows;
    float* const place = to + r * small_stride + k;
    const std::int64_t row = r0 + r, column = begin + k;
    const float* const source = from.data + (KMajor ? row * from.stride + column : column * from.stride + row);
    const bool there = row < from.rows && column < end;
    if (by_quads && there) {
      simt::cp_async<16>(place, source);
    } else if (there) {
      simt::cp_async<4>(place, source);
    } else {
      for (int q = 0; q < width; ++q) place[q] = 0.0f;
    }
  }
}

template <bool KMajorA, bool KMajorB>
__global__ void __launch_bounds__(threads)
    small_product(Operand a, Operand b, int depth, bool quads_of_a, bool quads_of_b, Slices slices, Output out) {
  SHARED_DYNAMIC(float, slice_a);
  float* const slice_b = slice_a + small_m * small_stride;
  const int m0 = static_cast<int>(blockIdx.y) * small_m, n0 = static_cast<int>(blockIdx.x) * small_n;
  const int begin = static_cast<int>(blockIdx.z) * slices.depth, end = min(depth, begin + slices.depth);
  load_slice<KMajorA, small_m>(a, quads_of_a, m0, begin, end, slice_a);
  load_slice<KMajorB, small_n>(b, quads_of_b, n0, begin, end, slice_b);
  simt::cp_async_commit();
  simt::cp_async_wait<0>();
  __syncthreads();

  // Threads of a warp: 8 along m, at every 16th row, and 4 along n.
  const int thread_m = static_cast<int>(threadIdx.x) % 16, thread_n = static_cast<int>(threadIdx.x) / 16;
  float sum[8] = {};
#pragma unroll 4
  for (int k = 0; k < end - begin; k += 4) {
    Quad from_a[4], from_b[2];
    for (int i = 0; i < 4; ++i) from_a[i] = load4(slice_a + (thread_m + 16 * i) * small_stride + k);
    for (int j = 0; j < 2; ++j) from_b[j] = load4(slice_b + (thread_n + 16 * j) * small_stride + k);
    for (int q = 0; q < 4; ++q) {
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 2; ++j) sum[2 * i + j] = fmaf(from_a[i][q], from_b[j][q], sum[2 * i + j]);
      }
    }
  }
  if (!add_slices(slices, sum)) return;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 2; ++j) {
      const int m = m0 + thread_m + 16 * i, n = n0 + thread_n + 16 * j;
      if (m < out.rows && n < out.cols) out.put(m, n, sum[2 * i + j]);
    }
  }
}

// How a product is cut: so that there are about as many blocks as a large GPU has multiprocessors, whatever the GPU at
// hand has, since the cut decides the bits.
struct Cut {
  bool small;
  int tiles_m, tiles_n, slices, depth;

  Cut(std::int64_t rows, std::int64_t cols, std::int64_t in_all) {
    constexpr std::int64_t blocks = 128;
    small = ceil_div(rows, tile) * ceil_div(cols, tile) < 64 && in_all <= 16 * most_depth;
    const std::int64_t m = ceil_div(rows, small ? small_m : tile), n = ceil_div(cols, small ? small_n : tile);
    const std::int64_t least = small ? 32 : 256, step = small ? 4 : deep;
    std::int64_t wanted = std::max<std::int64_t>(1, std::min(blocks / (m * n), in_all / least));
    if (small) wanted = std::max(wanted, ceil_div(in_all, most_depth));
    const std::int64_t of_each = std::max(step, ceil_div(ceil_div(in_all, wanted), step) * step);
    tiles_m = static_cast<int>(m), tiles_n = static_cast<int>(n), depth = static_cast<int>(of_each);
    slices = static_cast<int>(std::max<std::int64_t>(1, ceil_div(in_all, of_each)));
  }
  std::int64_t tickets() const { return slices > 1 ? std::int64_t{tiles_m} * tiles_n : 0; }
  std::int64_t scratch() const { return tickets() * slices * (small ? small_m * small_n : tile * tile); }
  dim3 grid() const {
    return {static_cast<unsigned>(tiles_n), static_cast<unsigned>(tiles_m), static_cast<unsigned>(slices)};
  }
};

template <bool KMajorA, bool KMajorB>
void run(const On& on, Operand a, Operand b, std::int64_t in_all, const Output& out, float* scratch,
         unsigned* tickets) {
  const Cut cut(out.rows, out.cols, in_all);
  const Slices slices{cut.slices, cut.depth, scratch, tickets};
  const auto by_quads = [](const Operand& o) { return o.stride % 4 == 0 && aligned16(o.data); };
  const int depth = static_cast<int>(in_all);
  if (cut.small) {
    constexpr std::size_t bytes = sizeof(float) * (small_m + small_n) * small_stride;
    simt::launch<small_product<KMajorA, KMajorB>>({cut.grid(), threads, bytes, on.stream}, a, b, depth,
                                                  KMajorA && by_quads(a), KMajorB && by_quads(b), slices, out);
    return;
  }
  const simt::Launch where{cut.grid(), threads, 0, on.stream};
  if (depth % deep == 0 && out.rows % tile == 0 && out.cols % tile == 0 && by_quads(a) && by_quads(b)) {
    simt::launch<big_product<KMajorA, KMajorB, true>>(where, a, b, depth, slices, out);
  } else {
    simt::launch<big_product<KMajorA, KMajorB, false>>(where, a, b, depth, slices, out);
  }
}

void check(LinearShape s) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (s.rows * s.in > most || s.out * s.in > most || s.rows * s.out > most)
    fail("linear: ", s.rows, " x ", s.in, " by ", s.in, " x ", s.out,
         ", but the GPU's kernels take at most 2^31 - 1 elements in each operand");
}

}  // namespace

std::int64_t linear_scratch(LinearShape s) {
  return std::max(
      {Cut(s.rows, s.out, s.in).scratch(), Cut(s.rows, s.in, s.out).scratch(), Cut(s.out, s.in, s.rows).scratch()});
}
std::int64_t linear_tickets(LinearShape s) {
  return std::max(
      {Cut(s.rows, s.out, s.in).tickets(), Cut(s.rows, s.in, s.out).tickets(), Cut(s.out, s.in, s.rows).tickets()});
}

void linear(On on, LinearShape s, Activation activation, const float* x, const float* weight, const float* bias,
            float* y, float* scratch, unsigned* tickets) {
  check(s);
  if (s.rows == 0 || s.out == 0) return;
  const int rows = static_cast<int>(s.rows), in = static_cast<int>(s.in), outs = static_cast<int>(s.out);
  run<true, true>(on, {x, rows, in}, {weight, outs, in}, s.in, {y, rows, outs, bias, activation, false}, scratch,
                  tickets);
}

void linear_backward(On on, LinearShape s, const float* x, const float* weight, const float* dy, Sink<float> dx,
                     Sink<float> dweight, float* scratch, unsigned* tickets) {
  check(s);
  const int rows = static_cast<int>(s.rows), in = static_cast<int>(s.in), outs = static_cast<int>(s.out);
  if (dx.wanted() && rows > 0 && in > 0) {
    run<true, false>(on, {dy, rows, outs}, {weight, in, in}, s.out,
                     {dx.data, rows, in, nullptr, Activation::none, dx.mode == SinkMode::add}, scratch, tickets);
  }
  if (dweight.wanted() && outs > 0 && in > 0) {
    run<false, false>(on, {dy, outs, outs}, {x, in, in}, s.rows,
                      {dweight.data, outs, in, nullptr, Activation::none, dweight.mode == SinkMode::add}, scratch,
                      tickets);
  }
}

}  // namespace wengert::kernels::gpu
