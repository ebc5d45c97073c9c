// The gradient of cross_entropy.cu where lse is known: elementwise, with the CPU's formula and bits.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/cross_entropy.hpp"
#include "kernels/gpu/elements.hpp"
#include "kernels/math.hpp"

namespace wengert::kernels::gpu {

/// Class labels, and what a row's elements need of them.
struct GradientToLabels {
  static constexpr bool dense = false;
  const std::int32_t* labels;
  const float* lse;
  std::int32_t* bad_row;

  struct Row {
    float lse, scale;
    int label;
    __device__ float gradient(float x, int c, float) const {
      return scale * (math::exp_nonpositive(x - lse) - (c == label ? 1.0f : 0.0f));
    }
  };
  __device__ Row row(std::int64_t r, int cols, float scale) const {
    const int label = labels[r];
    if (label >= 0 && label < cols) return {lse[r], scale, label};
    atomicMin(bad_row, static_cast<std::int32_t>(r));
    return {lse[r], nanf(""), label};
  }
  __device__ const float* probabilities() const { return nullptr; }
};

/// A probability for each class.
struct GradientToProbabilities {
  static constexpr bool dense = true;
  const float *weights, *lse, *mass;

  struct Row {
    float lse, mass, scale;
    __device__ float gradient(float x, int, float p) const {
      return scale * (math::exp_nonpositive(x - lse) * mass - p);
    }
  };
  __device__ Row row(std::int64_t r, int, float scale) const { return {lse[r], mass[r], scale}; }
  __device__ const float* probabilities() const { return weights; }
};

/// Goes through elements one after another, and from row to row. To find the first one takes a division of 32 bits only,
/// from where the block begins.
template <class Target>
class RowWalk {
 public:
  __device__ RowWalk(const Target& target, std::int64_t cols, float scale, std::int64_t first_row, unsigned column)
      : target_(target),
        cols_(static_cast<unsigned>(cols)),
        scale_(scale),
        r_(first_row + column / cols_),
        c_(column % cols_),
        row_(target.row(r_, static_cast<int>(cols_), scale)) {}
  __device__ float gradient(float x, float p) const { return row_.gradient(x, static_cast<int>(c_), p); }
  __device__ void next() {
    if (++c_ < cols_) return;
    c_ = 0;
    row_ = target_.row(++r_, static_cast<int>(cols_), scale_);
  }

 private:
  Target target_;
  unsigned cols_;
  float scale_;
  std::int64_t r_;
  unsigned c_;
  typename Target::Row row_;
};

template <class Target, bool Add>
__global__ void __launch_bounds__(element_threads)
    row_gradients(Rows s, Target target, const float* x, const float* dloss, float* dx) {
  const float scale = *dloss / static_cast<float>(s.rows);
  const float* const p = target.probabilities();
  const std::int64_t n = s.rows * s.cols, begin = std::int64_t{blockIdx.x} * elements_per_block;
  const std::int64_t first_row = begin / s.cols, first_column = begin - first_row * s.cols;
  const auto walk_from = [&](std::int64_t i) {
    return RowWalk<Target>(target, s.cols, scale, first_row, static_cast<unsigned>(first_column + (i - begin)));
  };
  const auto quads = [&](std::int64_t i) {
    Quad logits[quads_together], weights[quads_together] = {}, sum[quads_together] = {};
    for (int r = 0; r < quads_together; ++r) {
      logits[r] = load4(x + i + r * quad_step);
      if constexpr (Target::dense) weights[r] = load4(p + i + r * quad_step);
      if constexpr (Add) sum[r] = load4(dx + i + r * quad_step);
    }
    for (int r = 0; r < quads_together; ++r) {
      RowWalk<Target> walk = walk_from(i + r * quad_step);
      for (int q = 0; q < 4; ++q) {
        if (q > 0) walk.next();
        const float value = walk.gradient(logits[r][q], weights[r][q]);
        sum[r][q] = Add ? sum[r][q] + value : value;
      }
      store4(dx + i + r * quad_step, sum[r]);
    }
  };
  const auto single = [&](std::int64_t i) {
    const float value = walk_from(i).gradient(x[i], Target::dense ? p[i] : 0.0f);
    dx[i] = Add ? dx[i] + value : value;
  };
  for_elements(n, aligned16(x, dx) && (!Target::dense || aligned16(p)), quads, single);
}

}  // namespace wengert::kernels::gpu
