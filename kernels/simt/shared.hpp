// Shared memory. SHARED(float, tile, [16][17]) stands for __shared__ float tile[16][17], and SHARED_DYNAMIC(float, row) for
// extern __shared__ float row[].
//
// A block's variables lie in its worker's arena, each with its exact size and a gap behind it, and begin as NaNs.
#pragma once

#include <type_traits>

#include "kernels/simt/runtime/runtime.hpp"

// The address of `name_site` tells one declaration from another, and each instance of a template from the next.
#define SHARED(T, name, ...)                                       \
  static char name##_site;                                         \
  auto& name = *static_cast<std::type_identity_t<T __VA_ARGS__>*>( \
      ::simt::detail::shared(&name##_site, sizeof(std::type_identity_t<T __VA_ARGS__>), alignof(T), #name))

#define SHARED_DYNAMIC(T, name) \
  auto* const name = static_cast<std::add_pointer_t<T>>(::simt::detail::dynamic_shared(alignof(T), #name))
