#include <cstdint>
#include <cstring>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

void fill_with_nans(void* memory, std::size_t bytes) {
  auto* at = static_cast<std::byte*>(memory);
  for (; bytes >= sizeof nan_pattern; at += sizeof nan_pattern, bytes -= sizeof nan_pattern)
    std::memcpy(at, &nan_pattern, sizeof nan_pattern);
  std::memcpy(at, &nan_pattern, bytes);
}

}  // namespace simt::detail
