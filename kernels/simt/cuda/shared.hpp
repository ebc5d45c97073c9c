// Shared memory; each variable begins at a multiple of 16 bytes, as cp.async and ldmatrix need it.
#pragma once

#define SHARED(T, name, ...) __shared__ alignas(alignof(T) < 16 ? 16 : alignof(T)) T name __VA_ARGS__

// Of 16 bytes each, since all declarations of the one extern array must agree.
#define SHARED_DYNAMIC(T, name)                  \
  extern __shared__ uint4 simt_dynamic_shared[]; \
  T* const name = reinterpret_cast<T*>(simt_dynamic_shared)
