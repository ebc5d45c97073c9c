#include "kernels/simt/runtime/tensor_ops.hpp"

#include <bit>
#include <cstring>
#include <string>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/index.hpp"

namespace simt::detail {
namespace {

constexpr int rows = 16, columns = 8;  // of D
constexpr int warp = 32;

float from_tf32(std::uint32_t word) { return std::bit_cast<float>(word & 0xffffe000u); }
float from_bf16(std::uint32_t half) { return std::bit_cast<float>(half << 16); }

template <int Depth>
struct Matrices {
  float a[rows][Depth];
  float b[Depth][columns];
};

Matrices<8> gather_tf32(const Lanes& lanes) {
  Matrices<8> m;
  for (int lane = 0; lane < warp; ++lane) {
    const auto& own = *static_cast<const MmaOperands*>(lanes.in[lane]);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 4; ++i) m.a[g + i % 2 * 8][t + i / 2 * 4] = from_tf32(own.a[i]);
    for (int i = 0; i < 2; ++i) m.b[t + i * 4][g] = from_tf32(own.b[i]);
  }
  return m;
}

Matrices<16> gather_bf16(const Lanes& lanes) {
  Matrices<16> m;
  for (int lane = 0; lane < warp; ++lane) {
    const auto& own = *static_cast<const MmaOperands*>(lanes.in[lane]);
    const int g = lane / 4, t = lane % 4;
    for (int i = 0; i < 4; ++i) {
      float* const pair = &m.a[g + i % 2 * 8][2 * t + i / 2 * 8];
      pair[0] = from_bf16(own.a[i] & 0xffff);
      pair[1] = from_bf16(own.a[i] >> 16);
    }
    for (int i = 0; i < 2; ++i) {
      m.b[2 * t + i * 8][g] = from_bf16(own.b[i] & 0xffff);
      m.b[2 * t + i * 8 + 1][g] = from_bf16(own.b[i] >> 16);
    }
  }
  return m;
}

template <int Depth>
LaneError multiply(const Matrices<Depth>& m, const Lanes& lanes) {
  for (int lane = 0; lane < warp; ++lane) {
    const auto& own = *static_cast<const MmaOperands*>(lanes.in[lane]);
    for (int i = 0; i < 4; ++i) {
      const int row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
      double sum = double{own.c[i]};
      for (int k = 0; k < Depth; ++k) sum += double{m.a[row][k]} * double{m.b[k][column]};
      static_cast<FragmentOfD*>(lanes.out[lane])->d[i] = static_cast<float>(sum);
    }
  }
  return {};
}

/// Lane 0's warp must be whole: a matrix has no lanes to miss.
LaneError all_lanes(const Lanes& lanes) {
  if (lanes.mask == 0xffffffffu) return {};
  return {std::countr_zero(lanes.mask), "the tensor cores need all 32 lanes of the warp"};
}

template <int Count, class Element>
LaneError distribute(const Lanes& lanes, Element element) {
  if (LaneError error = all_lanes(lanes); !error.message.empty()) return error;
  for (int lane = 0; lane < warp; ++lane) {
    auto* const registers = static_cast<std::uint32_t*>(lanes.out[lane]);
    for (int m = 0; m < Count; ++m) registers[m] = element(m, lane, 0) | element(m, lane, 1) << 16;
  }
  return {};
}

/// Element [row][column] of matrix m.
std::uint32_t half(const Lanes& lanes, int m, int row, int column) {
  const auto& words = static_cast<const MatrixRow*>(lanes.in[8 * m + row])->words;
  return words[column / 2] >> column % 2 * 16 & 0xffff;
}

}  // namespace

std::uint32_t round_to_tf32(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  if ((bits & 0x7f800000u) == 0x7f800000u) return bits;  // infinite, or NaN
  return (bits + 0x1000u) & 0xffffe000u;
}

LaneError combine_mma_tf32(const Lanes& lanes) {
  LaneError error = all_lanes(lanes);
  return error.message.empty() ? multiply(gather_tf32(lanes), lanes) : error;
}

LaneError combine_mma_bf16(const Lanes& lanes) {
  LaneError error = all_lanes(lanes);
  return error.message.empty() ? multiply(gather_bf16(lanes), lanes) : error;
}

MatrixRow read_matrix_row(const void* row, int matrices, Source source) {
  const events::Pause pause;
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  MatrixRow result{};
  if (static_cast<int>(thread % warp) >= 8 * matrices) return result;
  if (reinterpret_cast<std::uintptr_t>(row) % 16 != 0) {
    fail("ldmatrix of a row that begins at no multiple of 16 bytes", source);
  }
  events::read(row, sizeof result, source);
  std::memcpy(&result, row, sizeof result);
  return result;
}

template <int Count>
LaneError combine_ldmatrix(const Lanes& lanes) {
  return distribute<Count>(lanes, [&](int m, int lane, int i) { return half(lanes, m, lane / 4, lane % 4 * 2 + i); });
}
template <int Count>
LaneError combine_ldmatrix_trans(const Lanes& lanes) {
  return distribute<Count>(lanes, [&](int m, int lane, int i) { return half(lanes, m, lane % 4 * 2 + i, lane / 4); });
}

template LaneError combine_ldmatrix<1>(const Lanes&);
template LaneError combine_ldmatrix<2>(const Lanes&);
template LaneError combine_ldmatrix<4>(const Lanes&);
template LaneError combine_ldmatrix_trans<1>(const Lanes&);
template LaneError combine_ldmatrix_trans<2>(const Lanes&);
template LaneError combine_ldmatrix_trans<4>(const Lanes&);

}  // namespace simt::detail
