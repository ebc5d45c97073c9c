// Memory that kernels work in.
#pragma once

#include <cstddef>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail {

/// A new object of at least 256-byte alignment, filled with bytes 0xff (NaN, or -1). Throws Error where there is no room.
void* allocate(std::size_t bytes, Source source);
void release(void* object, Source source) noexcept;

/// Between a device object and the host.
void upload(void* to, const void* from, std::size_t bytes);
void download(void* to, const void* from, std::size_t bytes);

}  // namespace simt::detail
