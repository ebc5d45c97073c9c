// What differs between the simulator and CUDA, but for the kernels: simt/platform.cpp and cuda/platform.cu.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <simt.hpp>
#include "kernels/backend.hpp"
#include "kernels/gpu/blas.hpp"

namespace wengert::kernels::gpu::platform {

/// A queue of the device. Error: there is no such device, or none that these kernels were compiled for.
simt::Stream open(int index);
void close(simt::Stream) noexcept;
/// For the calling thread: memory and launches are the device's from here on.
void make_current(int index);
void* allocate(simt::Stream, std::size_t bytes);
void release(simt::Stream, void* block) noexcept;
void zero(simt::Stream, void* block, std::size_t bytes);
void upload(simt::Stream, void* to, const void* from, std::size_t bytes);
void download(simt::Stream, void* to, const void* from, std::size_t bytes);
std::unique_ptr<Graph> graph(simt::Stream, const CallList& calls);
/// Error: there is none.
std::unique_ptr<Blas> blas(simt::Stream);

}  // namespace wengert::kernels::gpu::platform
