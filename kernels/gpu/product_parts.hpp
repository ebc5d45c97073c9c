// What the kernels of matmul.cu share. All products there are C(m, n) = sum over k of A(m, k) B(n, k).
#pragma once

#include <cstdint>

#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/product.hpp"
#include "kernels/gpu/quad.hpp"

namespace wengert::kernels::gpu {

inline constexpr int product_threads = 256;

/// An operand is k-major if its neighbours in memory differ in k, and else they differ in m or n.
struct Operand {
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

  __device__ void put(int m, int n, float value) const {
    if (epilogue.bias != nullptr) value = __fadd_rn(value, epilogue.bias[n]);
    if (epilogue.relu) value = value < 0.0f ? 0.0f : value;
    float* const to = c + std::int64_t{m} * cols + n;
    *to = add ? __fadd_rn(*to, value) : value;
  }
};

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
