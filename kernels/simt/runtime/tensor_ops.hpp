// What the lanes bring to the tensor cores' collectives, and what these make of it.
#pragma once

#include <cstdint>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

struct MmaOperands {
  unsigned a[4], b[2];
  float c[4];
};
struct FragmentOfD {
  float d[4];
};

std::uint32_t round_to_tf32(float x);
LaneError combine_mma_tf32(const Lanes& lanes);
LaneError combine_mma_bf16(const Lanes& lanes);

/// A row of eight 16-bit elements, two in a word, as its lane read it.
struct MatrixRow {
  std::uint32_t words[4];
};
/// Reads the row if this lane's counts.
MatrixRow read_matrix_row(const void* row, int matrices, Source source);

template <int Matrices>
LaneError combine_ldmatrix(const Lanes& lanes);
template <int Matrices>
LaneError combine_ldmatrix_trans(const Lanes& lanes);

template <int Matrices>
void load_matrices(unsigned (&registers)[Matrices], const void* row, const char* name, Combine combine, Source source) {
  static_assert(Matrices == 1 || Matrices == 2 || Matrices == 4, "ldmatrix loads 1, 2 or 4 matrices");
  const MatrixRow own = read_matrix_row(row, Matrices, source);
  collective(name, 0xffffffffu, &own, &registers, combine, source);
}

}  // namespace simt::detail
