// What the kernels of cross_entropy.cu share: the two kinds of target, and what is done once a row's sums are known.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/gpu/error_word.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {

/// All that a kernel is given. Of each row it forms Target::sums sums in the tree: first e^(x - max), then those that
/// Target::Row::terms adds to.
template <class Target>
struct RowsOf {
  std::int64_t rows, cols;
  const float* x;
  Target target;
  float *loss, *dx;             // no gradient is wanted where dx is null
  float* scratch = nullptr;     // a loss per row, then a sum per 4096 rows
  unsigned* tickets = nullptr;  // one per 4096 rows, then one
};

/// Class labels.
struct Labels {
  static constexpr bool dense = false;
  static constexpr int sums = 1;
  const std::int32_t* labels;
  Report report;

  struct Row {
    int label;     // -1: an impossible one, which makes the row's results NaN
    float picked;  // its logit

    __device__ bool valid() const { return label >= 0; }

    template <class F>
    __device__ static void terms(bool, const float*, int, float, const F&) {}
    __device__ float loss(float highest, const float (&total)[sums]) const {
      return (highest + logf(total[0])) - picked;
    }
    __device__ float gradient(float softmax, int c, const float*, const float (&)[sums]) const {
      return softmax - (c == label ? 1.0f : 0.0f);
    }
  };

  /// `x` is the row, wherever it has been put.
  __device__ Row row(int r, int cols, const float* x) const {
    const int label = labels[r];
    if (label >= 0 && label < cols) return {label, x[label]};
    report(r);
    return {-1, nanf("")};
  }
  __device__ const float* of_row(int, int) const { return nullptr; }
  __device__ static float rebase(int, float distance, const float* of_block, int) {
    return of_block[0] * expf(-distance);
  }
};

/// A probability for each class: the second sum is of p, the third of p (max - x), which has no cancellation.
struct Probabilities {
  static constexpr bool dense = true;
  static constexpr int sums = 3;
  const float* probabilities;

  struct Row {
    __device__ static bool valid() { return true; }

    /// add(which, term) for class c, which is `away` below the greatest; where there is no such class, terms of -0.
    template <class F>
    __device__ static void terms(bool there, const float* from, int c, float away, const F& add) {
      const float weight = there ? from[c] : -0.0f;
      add(1, weight);
      add(2, weight == 0.0f ? weight : weight * away);
    }
    __device__ float loss(float, const float (&total)[sums]) const { return total[1] * logf(total[0]) + total[2]; }
    __device__ float gradient(float softmax, int c, const float* from, const float (&total)[sums]) const {
      return softmax * total[1] - from[c];
    }
  };

  __device__ Row row(int, int, const float*) const { return {}; }
  __device__ const float* of_row(int r, int cols) const { return probabilities + std::int64_t{r} * cols; }

  /// Sum number `which` of a block of classes, of which `sums` are `stride` apart, if its greatest had been `distance`
  /// higher.
  __device__ static float rebase(int which, float distance, const float* of_block, int stride) {
    const float sum = of_block[which * stride], weight = of_block[stride];
    if (which == 0) return sum * expf(-distance);
    return which == 1 || weight == 0.0f ? sum : sum + weight * distance;
  }
};

/// Writes what is asked of a row once its sums are known, and then gives the gradients of its elements.
template <class Target>
struct Finished {
  typename Target::Row target;
  const float (&total)[Target::sums];
  float inverse, scale;

  __device__ Finished(const RowsOf<Target>& all, int row, const typename Target::Row& of_row, float highest,
                      const float (&sums)[Target::sums], bool writes)
      : target(of_row),
        total(sums),
        inverse(1.0f / sums[0]),
        scale(target.valid() ? 1.0f / static_cast<float>(all.rows) : nanf("")) {
    if (writes) all.scratch[row] = target.loss(highest, total);
  }
  /// e is e^(x - max), and p holds the probabilities.
  __device__ float gradient(float e, int c, const float* p) const {
    return scale * target.gradient(e * inverse, c, p, total);
  }
};

/// The tree over N numbers, a power of 2, of which those that are absent are -0.
template <int N>
__device__ float fold_few(float (&x)[N]) {
#pragma unroll
  for (int step = N / 2; step > 0; step /= 2) {
    for (int l = 0; l < step; ++l) x[l] = __fadd_rn(x[l], x[l + step]);
  }
  return x[0];
}

__device__ inline float warp_max(float x) {
  for (int step = 16; step > 0; step /= 2) x = fmaxf(x, __shfl_xor_sync(whole_warp, x, step));
  return x;
}

/// In all threads; a barrier for the block. Between two calls there must be another.
__device__ inline float block_max(float x) {
  SHARED(float, of_warp, [32]);
  x = warp_max(x);
  if (warp_lane() == 0) of_warp[warp_of_block()] = x;
  __syncthreads();
  return warp_max(warp_lane() < warps_of_block() ? of_warp[warp_lane()] : -INFINITY);
}

template <class Target>
__device__ void write_loss(const RowsOf<Target>& all, float sum) {
  if (threadIdx.x == 0) *all.loss = sum / static_cast<float>(all.rows);
}

/// The mean over rows, where each block had `per_block` neighbouring rows, a power of 2: the last block of every 4096
/// rows adds those up, and the last of them adds these sums.
template <class Target>
__device__ void finish_rows(const RowsOf<Target>& all, int per_block) {
  if (all.rows == 0) return write_loss(all, 0.0f);
  const std::int64_t part = std::int64_t{blockIdx.x} * per_block / tree_block, first = part * tree_block;
  const int parts = static_cast<int>((all.rows + tree_block - 1) / tree_block);
  const int count = static_cast<int>(min(std::int64_t{tree_block}, all.rows - first));
  if (gridDim.x > 1 && !is_last_block(all.tickets + part, static_cast<unsigned>((count + per_block - 1) / per_block)))
    return;
  __syncthreads();
  float sum = 0.0f;
  if (warp_of_block() == 0) sum = warp_sum(count, [&](int r) { return all.scratch[first + r]; });
  if (parts > 1) {
    float* const of_parts = all.scratch + all.rows;
    if (threadIdx.x == 0) of_parts[part] = sum;
    if (!is_last_block(all.tickets + parts, static_cast<unsigned>(parts))) return;
    sum = block_sum(parts, [=](int i) { return of_parts[i]; });
  }
  write_loss(all, sum);
}

/// The same where each block had rows from all over.
template <class Target>
__device__ void finish_all_rows(const RowsOf<Target>& all) {
  if (gridDim.x > 1 && !is_last_block(all.tickets, gridDim.x)) return;
  __syncthreads();
  write_loss(all, block_sum(static_cast<int>(all.rows), [&](int r) { return all.scratch[r]; }));
}

}  // namespace wengert::kernels::gpu
