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

// The kernel for large products. A block computes a tile of 128 x 128, a thread 8 x 8 of it: four squares of 4 x 4, so
// that every 16-byte read of a warp from shared memory is of at most 128 different bytes. While a slice of 8 k's is
// worked on, the next one is loaded to registers.
constexpr int tile = 128, deep = 8, row = tile + 4, big_threads = 256;
constexpr int quads = tile * deep / 4 / big_threads;  // of each operand, for each thread to move

template <bool KMajor, bool Whole>
struct Loader {
  Quad held[quads];

  __device__ static float at(const Operand& from, int depth, int r, int k) {
    if (r >= from.rows || k >= depth) return 0.0f;
    return from.data[KMajor ? std::int64_t{r} * from.stride + k : std::int64_t{k} * from.stride + r];
  }
  // Which quad is the thread's i-th: its first row and k.
  __device__ static int first_row(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * big_threads;
    return KMajor ? quad / (deep / 4) : quad % (tile / 4) * 4;
  }
  __device__ static int first_k(int i) {
    const int quad = static_cast<int>(threadIdx.x) + i * big_threads;
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
__global__ void __launch_bounds__(big_threads, 2) big_product(Operand a, Operand b, int depth, Output out) {
  SHARED(float, tile_a, [2][deep][row]);
  SHARED(float, tile_b, [2][deep][row]);
  const int m0 = static_cast<int>(blockIdx.y) * tile, n0 = static_cast<int>(blockIdx.x) * tile;
  const int thread_m = warp_of_block() % 4 * 32 + warp_lane() / 8 * 4;
  const int thread_n = warp_of_block() / 4 * 64 + warp_lane() % 8 * 4;
  Loader<KMajorA, Whole> load_a;
  Loader<KMajorB, Whole> load_b;
  float sum[8][8] = {};

  load_a.load(a, depth, m0, 0);
  load_b.load(b, depth, n0, 0);
  load_a.store(tile_a[0]);
  load_b.store(tile_b[0]);
  __syncthreads();
  int now = 0;
  for (int k0 = 0; k0 < depth; k0 += deep) {
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
          sum[i][j] = fmaf(i < 4 ? a0[i] : a1[i - 4], j < 4 ? b0[j] : b1[j - 4], sum[i][j]);
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
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int m = m0 + thread_m + (i < 4 ? i : i + 12);
#pragma unroll
    for (int j = 0; j < 8; ++j) {
      const int n = n0 + thread_n + (j < 4 ? j : j + 28);
      if (Whole || (m < out.rows && n < out.cols)) out.put(m, n, sum[i][j]);
    }
  }
}

// The kernel for small ones, of k-major operands. A block has a tile of 64 x 32 and one slice of k, of at most 128, all of
// which it loads at once; a thread computes 4 x 2. The last block of a tile to be done adds the slices in their order.
constexpr int small_m = 64, small_n = 32, small_threads = 256, most_depth = 128;
constexpr int small_stride = most_depth + 4;  // an odd number of quads: eight rows' quads lie in different banks

struct Slices {
  int count, depth;  // each slice's depth but the last one's, a multiple of 4
  float* sums;       // count matrices
  unsigned* tickets;
};

// Rows [r0, r0 + rows) and k's [k0, k0 + small_depth), zeros where there are none.
template <int Rows>
__device__ void load_slice(const Operand& from, bool aligned, int r0, int k0, int k_end, int padded, float* to) {
  const int width = aligned ? 4 : 1, per_row = padded / width;
  for (int i = static_cast<int>(threadIdx.x); i < Rows * per_row; i += small_threads) {
    const int r = i / per_row, k = i % per_row * width;
    float* const place = to + r * small_stride + k;
    const float* const source = from.data + std::int64_t{r0 + r} * from.stride + k0 + k;
    const bool there = r0 + r < from.rows && k0 + k < k_end;
    if (aligned && there) {
      simt::cp_async<16>(place, source);
    } else if (there) {
      simt::cp_async<4>(place, source);
    } else {
      for (int q = 0; q < width; ++q) place[q] = 0.0f;
    }
  }
}

__global__ void __launch_bounds__(small_threads)
    small_product(Operand a, Operand b, int depth, bool aligned, Slices slices, Output out) {
  SHARED_DYNAMIC(float, slice_a);
  float* const slice_b = slice_a + small_m * small_stride;
  const int m0 = static_cast<int>(blockIdx.y) * small_m, n0 = static_cast<int>(blockIdx.x) * small_n;
  const int slice = static_cast<int>(blockIdx.z), k0 = slice * slices.depth, k_end = min(depth, k0 + slices.depth);
  const int padded = (k_end - k0 + 3) / 4 * 4;
  load_slice<small_m>(a, aligned, m0, k0, k_end, padded, slice_a);
  load_slice<small_n>(b, aligned, n0, k0, k_end, padded, slice_b);
  simt::cp_async_commit();
  simt::cp_async_wait<0>();
  __syncthreads();

  // Threads of a warp: 8 along m, at every 16th row, and 4 along n.
  const int thread_m = static_cast<int>(threadIdx.x) % 16, thread_n = static_cast<int>(threadIdx.x) / 16;
  float sum[4][2] = {};
#pragma unroll 4
  for (int k = 0; k < padded; k += 4) {
    Quad from_a[4], from_b[2];
    for (int i = 0; i < 4; ++i) from_a[i] = load4(slice_a + (thread_m + 16 * i) * small_stride + k);
    for (int j = 0; j < 2; ++j) from_b[j] = load4(slice_b + (thread_n + 16 * j) * small_stride + k);
    for (int q = 0; q < 4; ++q) {
      for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 2; ++j) sum[i][j] = fmaf(from_a[i][q], from_b[j][q], sum[i][j]);
      }
    }
  }
  const auto each = [&](auto&& f) {
    for (int i = 0; i < 4; ++i) {
      for (int j = 0; j < 2; ++j) {
        const int m = m0 + thread_m + 16 * i, n = n0 + thread_n + 16 * j;
        if (m < out.rows && n < out.cols) f(m, n, sum[i][j]);
      }
    }
  };
  if (slices.count > 1) {
    const std::int64_t matrix = std::int64_t{out.rows} * out.cols;
    each([&](int m, int n, float value) { slices.sums[slice * matrix + std::int64_t{m} * out.cols + n] = value; });
    unsigned* const ticket = slices.tickets + blockIdx.y * gridDim.x + blockIdx.x;
    if (!is_last_block(ticket, static_cast<unsigned>(slices.count))) return;
    each([&](int m, int n, float& value) {
      const float* const sums = slices.sums + std::int64_t{m} * out.cols + n;
      value = sums[0];
#pragma unroll 8
      for (int s = 1; s < slices.count; ++s) value = __fadd_rn(value, sums[s * matrix]);
    });
  }
  each([&](int m, int n, float value) { out.put(m, n, value); });
}

// How a small product is cut: so that there are about as many blocks as one multiprocessor each on a large GPU, whatever
// the GPU at hand has, since the cut decides the bits.
struct Cut {
  int tiles, slices, depth;
};
Cut cut_of(std::int64_t rows, std::int64_t cols, std::int64_t depth) {
  constexpr std::int64_t blocks = 128, least_depth = 32;
  const std::int64_t tiles = ceil_div(rows, small_m) * ceil_div(cols, small_n);
  const std::int64_t most = std::max<std::int64_t>(1, std::min(blocks / tiles, depth / least_depth));
  const std::int64_t slices = std::max(most, ceil_div(depth, most_depth));
  const std::int64_t of_each = std::max<std::int64_t>(4, ceil_div(ceil_div(depth, slices), 4) * 4);
  return {static_cast<int>(tiles), static_cast<int>(std::max<std::int64_t>(1, ceil_div(depth, of_each))),
          static_cast<int>(of_each)};
}
bool is_small(LinearShape s) { return ceil_div(s.rows, tile) * ceil_div(s.out, tile) < 64 && s.in <= 16 * most_depth; }

template <bool KMajorA, bool KMajorB>
void run_big(const On& on, Operand a, Operand b, std::int64_t depth, const Output& out) {
  const auto blocks = [](int n) { return static_cast<unsigned>(ceil_div(n, tile)); };
  const simt::Launch where{{blocks(out.cols), blocks(out.rows)}, big_threads, 0, on.stream};
  const auto whole = [&](const Operand& o) { return o.rows % tile == 0 && o.stride % 4 == 0 && aligned16(o.data); };
  const int k = static_cast<int>(depth);
  if (depth % deep == 0 && whole(a) && whole(b)) {
    simt::launch<big_product<KMajorA, KMajorB, true>>(where, a, b, k, out);
  } else {
    simt::launch<big_product<KMajorA, KMajorB, false>>(where, a, b, k, out);
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
  return is_small(s) ? cut_of(s.rows, s.out, s.in).slices * s.rows * s.out : 0;
}
std::int64_t linear_tickets(LinearShape s) { return is_small(s) ? cut_of(s.rows, s.out, s.in).tiles : 0; }

void linear(On on, LinearShape s, Activation activation, const float* x, const float* weight, const float* bias,
            float* y, float* scratch, unsigned* tickets) {
  check(s);
  if (s.rows == 0 || s.out == 0) return;
  const int rows = static_cast<int>(s.rows), in = static_cast<int>(s.in), outs = static_cast<int>(s.out);
  const Operand a{x, rows, in}, b{weight, outs, in};
  const Output out{y, rows, outs, bias, activation, false};
  if (!is_small(s)) return run_big<true, true>(on, a, b, s.in, out);
  const Cut cut = cut_of(s.rows, s.out, s.in);
  const simt::Launch where{{static_cast<unsigned>(ceil_div(s.out, small_n)),
                            static_cast<unsigned>(ceil_div(s.rows, small_m)), static_cast<unsigned>(cut.slices)},
                           small_threads,
                           sizeof(float) * (small_m + small_n) * small_stride,
                           on.stream};
  simt::launch<small_product>(where, a, b, in, in % 4 == 0 && aligned16(x, weight),
                              Slices{cut.slices, cut.depth, scratch, tickets}, out);
}

void linear_backward(On on, LinearShape s, const float* x, const float* weight, const float* dy, Sink<float> dx,
                     Sink<float> dweight) {
  check(s);
  const int rows = static_cast<int>(s.rows), in = static_cast<int>(s.in), outs = static_cast<int>(s.out);
  if (dx.wanted() && rows > 0 && in > 0) {
    run_big<true, false>(on, {dy, rows, outs}, {weight, in, in}, s.out,
                         {dx.data, rows, in, nullptr, Activation::none, dx.mode == SinkMode::add});
  }
  if (dweight.wanted() && outs > 0 && in > 0) {
    run_big<false, false>(on, {dy, outs, outs}, {x, in, in}, s.rows,
                          {dweight.data, outs, in, nullptr, Activation::none, dweight.mode == SinkMode::add});
  }
}

}  // namespace wengert::kernels::gpu
