// Matrix products by the tensor cores, as in PTX: mma, ldmatrix, cvt.rna.tf32. All 32 lanes of a warp call them
// together, and each holds its share of a matrix, its fragment.
//
// With g = lane / 4 and t = lane % 4, lane's fragments of an m16n8 product D = A B + C are
//
//     C, D     {C[g][2t], C[g][2t+1], C[g+8][2t], C[g+8][2t+1]}
//     tf32, k8: A {A[g][t], A[g+8][t], A[g][t+4], A[g+8][t+4]},   B {B[t][g], B[t+4][g]}
//     bf16, k16, in pairs, the lower column (of B: row) in the lower half of the word:
//              A {A[g][2t..], A[g+8][2t..], A[g][2t+8..], A[g+8][2t+8..]},   B {B[2t..][g], B[2t+8..][g]}
//
// (PTX ISA, Warp Level Matrix Multiply-Accumulate Instructions.) Products are exact and summed up in double, and then
// rounded once: a device rounds otherwise, so that the last bits differ.
#pragma once

#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/tensor_ops.hpp"

namespace simt {

/// Rounds to tf32, 10 bits of mantissa: to nearest, ties away from zero. The word that mma takes.
inline unsigned cvt_rna_tf32(float x) { return detail::round_to_tf32(x); }

/// d = a b + c for a 16 x 8 of A, an 8 x 8 of B. As on a device, what a float has beyond tf32 is cut off, not rounded.
inline void mma_m16n8k8_tf32(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4],
                             detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  const detail::MmaOperands operands = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}};
  detail::FragmentOfD result;
  detail::collective("mma_m16n8k8_tf32", 0xffffffffu, &operands, &result, detail::combine_mma_tf32, source);
  for (int i = 0; i < 4; ++i) d[i] = result.d[i];
}

/// d = a b + c for a 16 x 16 of A, a 16 x 8 of B, two bfloat16 in a word.
inline void mma_m16n8k16_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2], const float (&c)[4],
                              detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  const detail::MmaOperands operands = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}};
  detail::FragmentOfD result;
  detail::collective("mma_m16n8k16_bf16", 0xffffffffu, &operands, &result, detail::combine_mma_bf16, source);
  for (int i = 0; i < 4; ++i) d[i] = result.d[i];
}

/// Loads Matrices (1, 2 or 4) matrices of 8 x 8 16-bit elements from shared memory: lane 8 m + r says where row r of
/// matrix m begins, a multiple of 16 bytes; the other lanes' addresses are not read. registers[m] becomes elements
/// [lane / 4][2 (lane % 4)] and the next of matrix m.
template <int Matrices>
void ldmatrix(unsigned (&registers)[Matrices], const void* row,
              detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  detail::load_matrices(registers, row, "ldmatrix", detail::combine_ldmatrix<Matrices>, source);
}

/// The same of the transposed matrices: elements [2 (lane % 4)][lane / 4] and the one below it.
template <int Matrices>
void ldmatrix_trans(unsigned (&registers)[Matrices], const void* row,
                    detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  detail::load_matrices(registers, row, "ldmatrix_trans", detail::combine_ldmatrix_trans<Matrices>, source);
}

}  // namespace simt
