// The similarity that this project began with: 1 / sum|A - B|, summed over pairs of segments.
//
//   S_k  = sum over i in segment k of |a_i - b_i|
//   loss = sum over k of 1 / (S_k + eps)
//   db_i = -dloss (S_k + eps)^-2 sign(b_i - a_i) for i in segment k, sign(0) = 0
//
// There is no gradient to a: A is the reference, and stop-gradient is the absence of a sink.
//
//   shapes       a, b, db: offsets[segments] elements; segment k is [offsets[k], offsets[k + 1]); S (segments); loss one.
//   dtypes       float32, float64; offsets int32 (so at most 2^31 - 1 elements).
//   backward     reads a, b, S and dloss.
//   extremes     S_k = 0 with eps = 0: loss is +inf and db of the segment NaN (inf * 0), as in PyTorch. An empty segment
//                is such a one.
//   determinism  S_k and the sum over k in the fixed tree.
//   bytes        forward 2n, backward 3n, times sizeof(T) (12 n for float32 where the backward finds a and b in cache)
#pragma once

#include <cstdint>

#include "kernels/sink.hpp"
#include "kernels/stream.hpp"

namespace wengert::kernels {

template <class T>
void inverse_l1(Stream&, std::int64_t segments, const std::int32_t* offsets, double eps, const T* a, const T* b, T* s,
                T* loss);
template <class T>
void inverse_l1_backward(Stream&, std::int64_t segments, const std::int32_t* offsets, double eps, const T* a,
                         const T* b, const T* s, const T* dloss, Sink<T> db);

}  // namespace wengert::kernels
