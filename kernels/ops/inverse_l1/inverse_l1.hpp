// The similarity that this project began with: 1 / sum|A - B|, summed over pairs of segments.
//
//   S_k  = sum over i in segment k of |a_i - b_i|
//   loss = sum over k of 1 / (S_k + eps)
//   db_i = -dloss (S_k + eps)^-2 sign(b_i - a_i) for i in segment k, sign(0) = 0
//
// There is no gradient to a: A is the reference, and stop-gradient is the absence of a sink.
//
//   shapes       a, b, db: n = offsets[segments] elements; segment k is [offsets[k], offsets[k + 1]); S (segments); loss
//                one; signs sign_words(n, segments). n is a number of its own, since the offsets are in the device's memory.
//   dtypes       float32, float64; offsets and signs int32 (so at most 2^31 - 1 elements).
//   backward     reads the signs, S and dloss. All that it needs of a and b is which is greater: two bits an element.
//   extremes     S_k = 0 with eps = 0: loss is +inf and db of the segment NaN (inf * 0), as in PyTorch. An empty segment
//                is such a one. A NaN in a or b makes S_k, and so all of db's segment, NaN.
//   errors       on a GPU, more than 2^22 segments
//   determinism  S_k and the sum over k in the fixed tree.
//   bytes        float32: forward 8.25 n, backward 4.25 n
#pragma once

#include <cstdint>

#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct InverseL1 {
  static constexpr const char* name = "inverse_l1";
  static constexpr Words words{.forward = "Σ 1 / S, where S = Σ|reference − trained| of each pair",
                               .local = {"", "sign(reference − trained) / S²"}};
};

/// Where the signs of segment k begin that starts at `offset`; with the total and the number of segments, their length.
///
/// In a segment, word 128 g + l holds those of its elements 2048 g + 128 r + l for r = 0..15, in bits 2r and 2r + 1: 1
/// where b > a, 2 where b < a, 0 elsewhere. So the lanes of the sum tree, on any device, each fill words of their own.
constexpr std::int64_t sign_words(std::int64_t offset, std::int64_t k) { return offset / 16 + 128 * k; }

template <class T>
void inverse_l1(Stream&, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps, const T* a,
                const T* b, T* s, std::int32_t* signs, T* loss);

struct Range {
  std::int64_t begin, end;
};
/// Only for the elements of the range: where some parameters are frozen, each of the others gets a call of its own.
template <class T>
void inverse_l1_backward(Stream&, std::int64_t segments, const std::int32_t* offsets, std::int64_t n, double eps,
                         const std::int32_t* signs, const T* s, const T* dloss, Range, Sink<T> db);

}  // namespace wengert::kernels
