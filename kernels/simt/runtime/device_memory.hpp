// Memory that kernels work in.
#pragma once

#include <cstddef>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail {

/// A new object, aligned to 256 bytes and filled with NaNs. Throws Error where there is no room.
void* allocate(std::size_t elements, std::size_t element_bytes, Source source);
void release(void* object, Source source) noexcept;

/// Between a device object and the host.
void upload(void* to, const void* from, std::size_t bytes);
void download(void* to, const void* from, std::size_t bytes);

}  // namespace simt::detail
