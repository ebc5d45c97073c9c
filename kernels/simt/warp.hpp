// What the lanes of a warp do together: __syncwarp, shuffles, votes, matches, reductions.
//
// `mask` names the lanes that take part, the caller among them; each of them that has not returned must make the same
// call. A lane that reads from one that is not there is an Error; on a device it would get something undefined.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/warp_ops.hpp"

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::collective("__syncwarp", mask, nullptr, nullptr, nullptr, source);
}
