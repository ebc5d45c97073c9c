// The stream that the GPU's kernels are issued on, and what they use of the device besides their arguments.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <simt.hpp>
#include "kernels/base/products.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/gpu/error_word.hpp"
#include "kernels/gpu/platform.hpp"

namespace wengert::kernels::gpu {

class Blas;

/// Kernels of one stream run one after another, so that they share one scratch memory. When a kernel wants more of it the
/// smaller block stays: a graph may use it.
class GpuStream final : public Stream {
 public:
  GpuStream(Device device, simt::Stream queue_of_device);
  ~GpuStream();
  GpuStream(const GpuStream&) = delete;
  GpuStream& operator=(const GpuStream&) = delete;

  const simt::Stream queue;
  int max_blocks = 0;  // of a grid; 0 leaves it to the kernel. No result depends on it, and tests show that.

  /// n floats for the kernel that is issued next, whatever they hold.
  float* scratch(std::int64_t n);
  /// n zeros, which the kernel turns to zeros again.
  unsigned* tickets(std::int64_t n);
  /// Where kernels report what they cannot throw.
  ErrorWord& errors() { return errors_; }

  /// The device's multiprocessors.
  int processors() const { return platform::processors(device().index); }
  /// How much shared memory a block can have, static and dynamic together. Kernels choose their ways by it; no result depends
  /// on it.
  std::size_t shared_bytes() const { return platform::shared_bytes(device().index); }

  /// Error: there is no cuBLAS.
  void use(Products);
  Products products() const { return products_; }
  /// cuBLAS, if products are to be its.
  Blas& blas() const { return *blas_; }

 private:
  struct Block {
    void* data = nullptr;
    std::size_t bytes = 0;
  };
  void* at_least(std::size_t bytes, std::vector<Block>& blocks, bool zeroed);

  std::vector<Block> scratch_, tickets_;
  ErrorWord errors_;
  Products products_ = Products::own;
  std::unique_ptr<Blas> blas_;
};

/// A kernel is given its device's stream, and may be called in a thread that has worked on another device.
inline GpuStream& on_gpu(Stream& stream) {
  platform::make_current(stream.device().index);
  return static_cast<GpuStream&>(stream);
}

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// A grid for `wanted` blocks' worth of work, of at most `per_processor` blocks for each multiprocessor.
inline unsigned grid_of(std::int64_t wanted, int per_processor, const GpuStream& on) {
  const std::int64_t most = on.max_blocks > 0 ? on.max_blocks : std::int64_t{on.processors()} * per_processor;
  return static_cast<unsigned>(std::clamp<std::int64_t>(wanted, 1, most));
}

}  // namespace wengert::kernels::gpu
