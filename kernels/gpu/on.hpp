// Where a GPU kernel is issued.
#pragma once

#include <algorithm>
#include <cstdint>

#include <simt.hpp>

namespace wengert::kernels::gpu {

struct On {
  simt::Stream stream = {};
  int max_blocks = 0;  // of a grid; 0 leaves it to the kernel. No result depends on it, and tests show that.
};

/// The device's multiprocessors. (Under the simulator any number would do; it is small, so that loops over the grid
/// take more than one turn.)
inline int processors() {
#ifdef __CUDACC__
  static const int count = [] {
    int device = 0, found = 0;
    simt::check(cudaGetDevice(&device));
    simt::check(cudaDeviceGetAttribute(&found, cudaDevAttrMultiProcessorCount, device));
    return found;
  }();
  return count;
#else
  return 2;
#endif
}

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// A grid for `wanted` blocks' worth of work, of at most `per_processor` blocks for each multiprocessor.
inline unsigned grid_of(std::int64_t wanted, int per_processor, const On& on) {
  const std::int64_t most = on.max_blocks > 0 ? on.max_blocks : std::int64_t{processors()} * per_processor;
  return static_cast<unsigned>(std::clamp<std::int64_t>(wanted, 1, most));
}

}  // namespace wengert::kernels::gpu
