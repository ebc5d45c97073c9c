// What the kernels for products share. All of them are C(m, n) = sum over k of A(m, k) B(n, k).
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/quad.hpp"
#include "kernels/ops/matmul/gpu_product.hpp"

namespace wengert::kernels::gpu {

inline constexpr int product_threads = 256;

/// A factor is k-major if its neighbours in memory differ in k, and else they differ in m or n.
struct Factor {
  const float* data;
  int rows;    // m or n
  int stride;  // of what is not contiguous

  template <bool KMajor>
  __device__ const float* at(int r, int k) const {
    return data + (KMajor ? std::int64_t{r} * stride + k : std::int64_t{k} * stride + r);
  }
};

struct Output {
  float* c;
  int rows, cols;
  Epilogue epilogue;
  bool add;

  __device__ bool has(int m, int n) const { return m < rows && n < cols; }
  __device__ float finished(int n, float value) const {
    if (epilogue.bias != nullptr) value = __fadd_rn(value, epilogue.bias[n]);
    return epilogue.relu && value < 0.0f ? 0.0f : value;
  }
  /// Whether an element of y has a gradient, as a bit.
  __device__ static unsigned passes(float y) { return y <= 0.0f ? 0u : 1u; }
  /// Those of columns n to n + 7, n a multiple of 8; wanted if there is a mask.
  __device__ void put_mask(int m, int n, unsigned bits) const {
    epilogue.mask[std::int64_t{m} * ((cols + 7) / 8) + n / 8] = static_cast<std::uint8_t>(bits);
  }
  /// The element as it was stored.
  __device__ float put(int m, int n, float value) const {
    float* const to = c + std::int64_t{m} * cols + n;
    value = finished(n, value);
    return *to = add ? __fadd_rn(*to, value) : value;
  }
  /// Eight neighbours, n a multiple of 8, so far as they are there.
  __device__ void put8(int m, int n, const float (&value)[8]) const {
    if (!has(m, n)) return;
    float* const to = c + std::int64_t{m} * cols + n;
    unsigned bits = 0;
    if (cols % 4 == 0 && cols - n >= 8 && aligned16(c)) {
#pragma unroll
      for (int first = 0; first < 8; first += 4) {
        Quad quad, sum = add ? load4(to + first) : Quad{};
        for (int q = 0; q < 4; ++q) {
          quad[q] = finished(n + first + q, value[first + q]);
          if (add) quad[q] = __fadd_rn(sum[q], quad[q]);
          bits |= passes(quad[q]) << (first + q);
        }
        store4(to + first, quad);
      }
    } else {
#pragma unroll
      for (int q = 0; q < 8; ++q) {
        if (n + q < cols) bits |= passes(put(m, n + q, value[q])) << q;
      }
    }
    if (epilogue.mask != nullptr) put_mask(m, n, bits);
  }
};

/// A product as the kernels take it.
struct Task {
  Factor a, b;
  int depth;
  Output out;

  Task(const MatmulShape& s, const float* left, const float* right, const Sink<float>& c, const Epilogue& epilogue)
      : a{left, static_cast<int>(s.m), static_cast<int>(s.transpose_a ? s.m : s.k)},
        b{right, static_cast<int>(s.n), static_cast<int>(s.transpose_b ? s.k : s.n)},
        depth(static_cast<int>(s.k)),
        out{c.data, a.rows, b.rows, epilogue, c.mode == SinkMode::add} {}
};

/// Whether quads of it may be read.
inline bool by_quads(const Factor& operand) { return operand.stride % 4 == 0 && aligned16(operand.data); }

/// f(KMajorA, KMajorB), as the shape says.
template <class F>
void by_layout(const MatmulShape& s, const F& f) {
  constexpr std::true_type yes;
  constexpr std::false_type no;
  if (s.transpose_a) {
    s.transpose_b ? f(no, yes) : f(no, no);
  } else {
    s.transpose_b ? f(yes, yes) : f(yes, no);
  }
}

/// Where the block's tile of the output begins. Tiles are numbered row by row.
struct Corner {
  int m, n;
  __device__ Corner(const Output& out, int tile_m, int tile_n) {
    const auto across = static_cast<unsigned>((out.cols + tile_n - 1) / tile_n);
    m = static_cast<int>(blockIdx.x / across) * tile_m;
    n = static_cast<int>(blockIdx.x % across) * tile_n;
  }
};

/// The depth may be cut in slices, each worked on by a block of its own, blockIdx.y.
struct Slices {
  int count, depth;  // each slice's depth but the last one's
  float* sums;
  unsigned* tickets;  // one for each tile
};

/// Adds each thread's N sums of the slices of a tile, in the order of the slices, by whichever block is done last; true
/// in that one.
template <int N>
__device__ bool add_slices(const Slices& slices, float (&sum)[N]) {
  if (slices.count == 1) return true;
  const auto at = [&](int slice, int i) -> float& {
    return slices.sums[((std::int64_t{blockIdx.x} * slices.count + slice) * N + i) * product_threads + threadIdx.x];
  };
#pragma unroll
  for (int i = 0; i < N; ++i) at(static_cast<int>(blockIdx.y), i) = sum[i];
  if (!is_last_block(slices.tickets + blockIdx.x, static_cast<unsigned>(slices.count))) return false;
#pragma unroll
  for (int i = 0; i < N; ++i) sum[i] = at(0, i);
#pragma unroll(N <= 8 ? 4 : 1)
  for (int slice = 1; slice < slices.count; ++slice) {
#pragma unroll
    for (int i = 0; i < N; ++i) sum[i] = __fadd_rn(sum[i], at(slice, i));
  }
  return true;
}

}  // namespace wengert::kernels::gpu
