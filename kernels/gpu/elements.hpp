// How elementwise kernels share out their work: each block has 4096 elements, and each of its threads loads four quads of
// each array before it uses any.
#pragma once

#include <cstdint>

#include "kernels/gpu/quad.hpp"
#include "kernels/gpu/stream.hpp"

namespace wengert::kernels::gpu {

inline constexpr int element_threads = 256, quads_together = 4;
inline constexpr int quad_step = element_threads * 4;  // from one of a thread's quads to its next
inline constexpr int elements_per_block = quad_step * quads_together;

inline simt::Launch over_elements(const GpuStream& on, std::int64_t n, int per_block = elements_per_block) {
  return {static_cast<unsigned>(ceil_div(n, per_block)), element_threads, 0, on.queue};
}

/// quads(i), i the first of the thread's quads, which are quad_step apart; or single(i) for single elements, where quads
/// would not fit or not be aligned.
template <class Quads, class Single>
__device__ void for_elements(std::int64_t n, bool aligned, const Quads& quads, const Single& single) {
  const std::int64_t begin = std::int64_t{blockIdx.x} * elements_per_block;
  const int thread = static_cast<int>(threadIdx.x);
  if (aligned && begin + elements_per_block <= n) return quads(begin + thread * 4);
#pragma unroll 4
  for (int i = thread; i < elements_per_block; i += element_threads) {
    if (begin + i < n) single(begin + i);
  }
}

}  // namespace wengert::kernels::gpu
