// What differs between the simulator and CUDA, but for the kernels: simt/platform.cpp and cuda/platform.cu.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include <simt.hpp>
#include "kernels/gpu/blas.hpp"

namespace wengert::kernels::gpu::platform {

/// A queue of the device. Error: there is no such device, or none that these kernels were compiled for.
simt::Stream open(int index);
void close(simt::Stream) noexcept;
/// For the calling thread: memory and launches are the device's from here on, until somebody else chooses another. All
/// functions below, but for release, take a stream of the current device. Error: the process is a child of fork(), where CUDA
/// does not work.
void make_current(int index);
/// The device's multiprocessors.
int processors(int index);
/// How much shared memory a block can have, static and dynamic together.
std::size_t shared_bytes(int index);

void* allocate(simt::Stream, std::size_t bytes);
void release(int index, simt::Stream, void* block) noexcept;
void zero(simt::Stream, void* block, std::size_t bytes);
void upload(simt::Stream, void* to, const void* from, std::size_t bytes);

struct Part {
  void* to;
  const void* from;
  std::size_t bytes;
};
/// Waits once for all of the parts.
void download(simt::Stream, std::initializer_list<Part> parts);

/// Error: there is none.
std::unique_ptr<Blas> blas(simt::Stream);

}  // namespace wengert::kernels::gpu::platform
