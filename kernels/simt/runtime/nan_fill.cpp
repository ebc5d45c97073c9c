#include <cstdint>
#include <cstring>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

void fill_with_nans(void* memory, std::size_t bytes) {
  constexpr std::uint64_t pattern = 0x7fff7fff7fff7fff;
  auto* at = static_cast<std::byte*>(memory);
  for (; bytes >= sizeof pattern; at += sizeof pattern, bytes -= sizeof pattern) std::memcpy(at, &pattern, sizeof pattern);
  std::memcpy(at, &pattern, bytes);
}

}  // namespace simt::detail
