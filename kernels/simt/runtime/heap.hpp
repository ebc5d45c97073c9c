// Where device memory comes from: the host's heap, or in simt_checked a range of addresses of its own.
#pragma once

#include <cstddef>

namespace simt::detail::heap {

/// Aligned to 256 bytes, as a device's. nullptr if there is no room.
void* take(std::size_t bytes);
void give_back(void* memory) noexcept;

}  // namespace simt::detail::heap
