// How two operands are walked together under NumPy broadcasting.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wengert::kernels {

/// The loop over y: `rank` axes, outermost first, and which of them each operand moves along; along the others it is
/// repeated. Operands are contiguous in the axes they move along. Neighbouring axes that can be walked as one are merged, so
/// operands of one shape arrive as rank 1.
struct Broadcast {
  static constexpr int max_rank = 4;
  int rank = 0;
  std::array<bool, max_rank> a_moves{}, b_moves{};
  std::array<std::int64_t, max_rank> size{};

  std::int64_t numel() const {
    std::int64_t n = 1;
    for (int axis = 0; axis < rank; ++axis) n *= size[static_cast<std::size_t>(axis)];
    return n;
  }
};

}  // namespace wengert::kernels
