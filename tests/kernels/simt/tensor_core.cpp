// mma, ldmatrix and cvt.rna.tf32, against products and layouts written out here.
//
// The fragments are filled by formulas of their own, from the figures in the PTX ISA: row groups by lane / 4, columns by
// lane % 4. That both would misread them is excluded only by a run on a device, which tests/kernels/simt/kernels are for.
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <simt.hpp>
#include <string>
#include <vector>

namespace {

const simt::Launch one_warp{dim3(1), dim3(32)};

float rounded(float x) { return std::bit_cast<float>(simt::cvt_rna_tf32(x)); }

TEST_CASE("tensor core: cvt.rna rounds to 10 bits, ties away from zero") {
  CHECK(rounded(1) == 1);
  CHECK(rounded(1 + 0x1p-11f) == 1 + 0x1p-10f);
  CHECK(rounded(-1 - 0x1p-11f) == -1 - 0x1p-10f);
  CHECK(rounded(1 + 0x1p-11f - 0x1p-23f) == 1);
  CHECK(std::isinf(rounded(std::numeric_limits<float>::max())));
  CHECK(std::isinf(rounded(INFINITY)));
  CHECK(std::isnan(rounded(NAN)));
}

/// One element of the operands is not 0, and D shows where the hardware takes it to be.
struct Unit {
  int matrix, lane, index;  // matrix 0 is A, 1 is B
};

__global__ void unit_products(Unit unit, float* d_out, int* bf16) {
  const int lane = threadIdx.x, g = lane / 4;
  // A[row][k] = 1 + row where not the unit's; B[k][column] = column: made so that every element of D is known.
  unsigned a[4] = {}, b[2] = {};
  const bool halves = *bf16 != 0;
  const unsigned one = halves ? 0x3f80u << 16 * (unit.index % 2) : 0x3f800000u;
  const int word = halves ? unit.index / 2 : unit.index;
  if (lane == unit.lane && unit.matrix == 0) a[word] = one;
  if (lane == unit.lane && unit.matrix == 1) b[word] = one;
  const unsigned ones = halves ? 0x3f803f80u : 0x3f800000u;
  if (unit.matrix == 0) b[0] = b[1] = g == 0 ? ones : 0;  // column 0 of B
  if (unit.matrix == 1) a[0] = a[2] = g == 0 ? ones : 0;  // row 0 of A
  const float c[4] = {};
  float d[4];
  if (halves) {
    simt::mma_m16n8k16_bf16(d, a, b, c);
  } else {
    simt::mma_m16n8k8_tf32(d, a, b, c);
  }
  for (int i = 0; i < 4; ++i) d_out[(g + i / 2 * 8) * 8 + lane % 4 * 2 + i % 2] = d[i];
}

/// The row of A or the column of B that holds the element, from D of the product with ones.
std::vector<float> product_with_ones(Unit unit, bool bf16) {
  simt::Array<float> d(16 * 8);
  simt::Array<int> flag(1);
  flag.upload(std::vector<int>{bf16});
  simt::launch<unit_products>(one_warp, unit, d.data(), flag.data());
  return d.download();
}

TEST_CASE("tensor core: the rows of A's and the columns of B's fragments") {
  for (const bool bf16 : {false, true}) {
    const int per_word = bf16 ? 2 : 1;
    for (int lane = 0; lane < 32; ++lane) {
      for (int index = 0; index < 4 * per_word; ++index) {
        std::vector<float> expected(16 * 8);
        expected[(lane / 4 + index / per_word % 2 * 8) * 8] = 1;
        CHECK(product_with_ones({0, lane, index}, bf16) == expected);
      }
      for (int index = 0; index < 2 * per_word; ++index) {
        std::vector<float> expected(16 * 8);
        expected[lane / 4] = 1;
        CHECK(product_with_ones({1, lane, index}, bf16) == expected);
      }
    }
  }
}

float small(int row, int column) { return static_cast<float>((row * 7 + column * 3) % 16 - 8) / 4; }

__device__ unsigned bf16_pair(float low, float high) {
  return static_cast<unsigned>(__bfloat16_as_ushort(__float2bfloat16(low))) |
         static_cast<unsigned>(__bfloat16_as_ushort(__float2bfloat16(high))) << 16;
}

__global__ void whole_products(float* tf32, float* bf16) {
  const int lane = threadIdx.x, g = lane / 4, t = lane % 4;
  const float c[4] = {1, 2, 3, 4};
  float d[4];
  const auto a = [](int row, int k) { return small(row, k); };
  const auto b = [](int k, int column) { return small(k + 5, column * 2); };
  {
    const unsigned a_words[] = {__float_as_uint(a(g, t)), __float_as_uint(a(g + 8, t)), __float_as_uint(a(g, t + 4)),
                                __float_as_uint(a(g + 8, t + 4))};
    const unsigned b_words[] = {__float_as_uint(b(t, g)), __float_as_uint(b(t + 4, g))};
    simt::mma_m16n8k8_tf32(d, a_words, b_words, c);
    for (int i = 0; i < 4; ++i) tf32[lane * 4 + i] = d[i];
  }
  const auto a_pair = [&](int row, int k) { return bf16_pair(a(row, k), a(row, k + 1)); };
  const auto b_pair = [&](int k, int column) { return bf16_pair(b(k, column), b(k + 1, column)); };
  const unsigned a_words[] = {a_pair(g, 2 * t), a_pair(g + 8, 2 * t), a_pair(g, 2 * t + 8), a_pair(g + 8, 2 * t + 8)};
  const unsigned b_words[] = {b_pair(2 * t, g), b_pair(2 * t + 8, g)};
  simt::mma_m16n8k16_bf16(d, a_words, b_words, c);
  for (int i = 0; i < 4; ++i) bf16[lane * 4 + i] = d[i];
}

std::vector<float> expected_fragments(int depth) {
  std::vector<float> d;
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < 4; ++i) {
      const int row = lane / 4 + (i < 2 ? 0 : 8), column = 2 * (lane % 4) + (i & 1);
      float sum = static_cast<float>(i + 1);
      for (int k = 0; k < depth; ++k) sum += small(row, k) * small(k + 5, column * 2);
      d.push_back(sum);
    }
  }
  return d;
}

TEST_CASE("tensor core: products of whole matrices, added to C") {
  simt::Array<float> tf32(128), bf16(128);
  simt::launch<whole_products>(one_warp, tf32.data(), bf16.data());
  CHECK(tf32.download() == expected_fragments(8));
  CHECK(bf16.download() == expected_fragments(16));
}

__global__ void unrounded(float x, float* d_out) {
  const unsigned word = __float_as_uint(x);
  const unsigned a[] = {word, word, word, word}, b[] = {0x3f800000u, 0x3f800000u};
  const float c[4] = {};
  float d[4];
  simt::mma_m16n8k8_tf32(d, a, b, c);
  if (threadIdx.x == 0) *d_out = d[0];
}

TEST_CASE("tensor core: what a float has beyond tf32 is cut off where cvt was forgotten") {
  simt::Array<float> d(1);
  simt::launch<unrounded>(one_warp, 1 + 0x1p-10f - 0x1p-23f, d.data());
  CHECK(d.download()[0] == 8);
}

template <int Matrices, bool transposed>
__global__ void load(unsigned* out) {
  SHARED(unsigned short, rows, [8 * Matrices][8]);
  for (int i = threadIdx.x; i < 64 * Matrices; i += 32) rows[i / 8][i % 8] = static_cast<unsigned short>(i);
  __syncwarp();
  const int lane = threadIdx.x;
  unsigned registers[Matrices];
  if (transposed) {
    simt::ldmatrix_trans(registers, rows[lane % (8 * Matrices)]);
  } else {
    simt::ldmatrix(registers, rows[lane % (8 * Matrices)]);
  }
  for (int m = 0; m < Matrices; ++m) out[lane * Matrices + m] = registers[m];
}

template <int Matrices>
void check_loads() {
  simt::Array<unsigned> straight(32 * Matrices), transposed(32 * Matrices);
  simt::launch<load<Matrices, false>>(one_warp, straight.data());
  simt::launch<load<Matrices, true>>(one_warp, transposed.data());
  std::vector<unsigned> expected, expected_transposed;
  for (unsigned lane = 0; lane < 32; ++lane) {
    for (unsigned m = 0; m < Matrices; ++m) {
      const unsigned first = m * 64 + lane / 4 * 8 + lane % 4 * 2;
      expected.push_back(first | (first + 1) << 16);
      const unsigned upper = m * 64 + lane % 4 * 2 * 8 + lane / 4;
      expected_transposed.push_back(upper | (upper + 8) << 16);
    }
  }
  CHECK(straight.download() == expected);
  CHECK(transposed.download() == expected_transposed);
}

TEST_CASE("tensor core: ldmatrix of 1, 2 and 4 matrices, straight and transposed") {
  check_loads<1>();
  check_loads<2>();
  check_loads<4>();
}

__global__ void odd_row() {
  SHARED(unsigned short, rows, [64]);
  unsigned registers[1];
  simt::ldmatrix(registers, &rows[threadIdx.x]);
}
__global__ void half_a_warp() {
  const unsigned a[4] = {}, b[2] = {};
  float d[4] = {};
  simt::mma_m16n8k8_tf32(d, a, b, d);
}

TEST_CASE("tensor core: errors") {
  CHECK_THROWS_WITH_AS(simt::launch<odd_row>(one_warp),
                       doctest::Contains("ldmatrix of a row that begins at no multiple of 16 bytes"), simt::Error);
  CHECK_THROWS_WITH_AS(simt::launch<half_a_warp>({dim3(1), dim3(16)}),
                       doctest::Contains("the tensor cores need all 32 lanes of the warp"), simt::Error);
}

}  // namespace
