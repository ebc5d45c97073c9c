#include "kernels/gpu/platform.hpp"

#include <vector>

#include "kernels/base/error.hpp"
#include "kernels/base/memory.hpp"
#include "kernels/devices/gpu/graph.hpp"

namespace wengert::kernels::gpu::platform {
namespace {

constexpr simt::detail::Source here() { return {__FILE__, __LINE__}; }

}  // namespace

simt::Stream open(int) { return {}; }
void close(simt::Stream) noexcept {}
void make_current(int) {}
int processors(int) { return 2; }  // any number would do: this one lets loops over the grid take more than one turn
std::size_t shared_bytes(int) { return static_cast<std::size_t>(simt::options().shared_bytes); }
void* allocate(simt::Stream, std::size_t bytes) {
  if (bytes > machine_memory()) {
    fail("out of device memory: ", bytes, " bytes were asked for, more than the machine has");
  }
  try {
    return simt::detail::allocate(bytes, 1, here());
  } catch (const simt::Error&) {
    fail("out of device memory: ", bytes, " bytes were asked for, more than the simulator has left");
  }
}
void release(int, simt::Stream, void* block) noexcept { simt::detail::release(block, here()); }
void zero(simt::Stream stream, void* block, std::size_t bytes) {
  upload(stream, block, std::vector<char>(bytes).data(), bytes);
}
void upload(simt::Stream, void* to, const void* from, std::size_t bytes) { simt::detail::upload(to, from, bytes); }
void download(simt::Stream, std::initializer_list<Part> parts) {
  for (const Part& part : parts) simt::detail::download(part.to, part.from, part.bytes);
}
std::unique_ptr<Graph> graph(int, simt::Stream, const CallList&) { return nullptr; }
std::unique_ptr<Blas> blas(simt::Stream) { fail("device simt has no cuBLAS: only the device cuda has it"); }

}  // namespace wengert::kernels::gpu::platform
