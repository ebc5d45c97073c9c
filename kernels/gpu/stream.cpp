#include "kernels/gpu/stream.hpp"

#include "kernels/gpu/blas.hpp"
#include "kernels/gpu/device_memory.hpp"

namespace wengert::kernels::gpu {

GpuStream::GpuStream(Device device, simt::Stream queue_of_device)
    : Stream(device), queue(queue_of_device), errors_(queue) {}

GpuStream::~GpuStream() {
  const int index = device().index;
  for (const Block& block : scratch_) platform::release(index, queue, block.data);
  for (const Block& block : tickets_) platform::release(index, queue, block.data);
  platform::release(index, queue, errors_.word());
  blas_.reset();
  platform::close(queue);
}

void GpuStream::use(Products by) {
  if (by == Products::cublas && !blas_) {
    platform::make_current(device().index);
    blas_ = platform::blas(queue);
  }
  products_ = by;
}

void* GpuStream::at_least(std::size_t bytes, std::vector<Block>& blocks, bool zeroed) {
  if (blocks.empty() || blocks.back().bytes < bytes) {
    const std::size_t size = std::max(bytes, blocks.empty() ? std::size_t{4096} : 2 * blocks.back().bytes);
    void* const fresh = device_memory(queue, size);
    try {
      if (zeroed) platform::zero(queue, fresh, size);
      blocks.push_back({fresh, size});
    } catch (...) {
      platform::release(device().index, queue, fresh);
      throw;
    }
  }
  return blocks.back().data;
}

float* GpuStream::scratch(std::int64_t n) {
  return static_cast<float*>(at_least(static_cast<std::size_t>(n) * sizeof(float), scratch_, false));
}
unsigned* GpuStream::tickets(std::int64_t n) {
  return static_cast<unsigned*>(at_least(static_cast<std::size_t>(n) * sizeof(unsigned), tickets_, true));
}

}  // namespace wengert::kernels::gpu
