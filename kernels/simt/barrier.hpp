// __syncthreads and its kin.
#pragma once

#include "kernels/simt/runtime/runtime.hpp"

inline void __syncthreads(simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::barrier("__syncthreads", 0, source);
}
/// How many threads of the block came with a predicate other than 0.
inline int __syncthreads_count(int predicate, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::barrier("__syncthreads_count", predicate, source);
}
/// Not 0 if all did.
inline int __syncthreads_and(int predicate, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::barrier("__syncthreads_and", !predicate, source) == 0;
}
/// Not 0 if any did.
inline int __syncthreads_or(int predicate, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::barrier("__syncthreads_or", predicate, source) != 0;
}
