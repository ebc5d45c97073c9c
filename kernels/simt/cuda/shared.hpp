// Shared memory; each variable begins at a multiple of 16 bytes, as cp.async and ldmatrix need it.
#pragma once

#define SHARED(T, name, ...) __shared__ alignas(alignof(T) < 16 ? 16 : alignof(T)) T name __VA_ARGS__

#define SHARED_DYNAMIC(T, name)                                      \
  extern __shared__ alignas(16) unsigned char simt_dynamic_shared[]; \
  T* const name = reinterpret_cast<T*>(simt_dynamic_shared)
