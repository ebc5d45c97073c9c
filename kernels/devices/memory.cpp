#include "kernels/devices/memory.hpp"

namespace wengert {

void copy_bytes(Device to_device, void* to, Device from_device, const void* from, std::size_t bytes) {
  if (kernels::is_cpu(to_device)) return kernels::backend(from_device).download(to, from, bytes);
  if (kernels::is_cpu(from_device)) return kernels::backend(to_device).upload(to, from, bytes);
  PoolVector<std::byte> between(bytes);
  kernels::backend(from_device).download(between.data(), from, bytes);
  kernels::backend(to_device).upload(to, between.data(), bytes);
}

}  // namespace wengert
