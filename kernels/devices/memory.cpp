#include "kernels/devices/memory.hpp"

namespace wengert {

void copy_bytes(On<void*> to, On<const void*> from, std::size_t bytes) {
  if (kernels::is_cpu(to.device)) return kernels::backend(from.device).download(to.data, from.data, bytes);
  if (kernels::is_cpu(from.device)) return kernels::backend(to.device).upload(to.data, from.data, bytes);
  PoolVector<std::byte> between(bytes);
  kernels::backend(from.device).download(between.data(), from.data, bytes);
  kernels::backend(to.device).upload(to.data, between.data(), bytes);
}

}  // namespace wengert
