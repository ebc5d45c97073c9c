// Softmax cross-entropy from logits, fused, with its gradient: no probabilities are stored, and x is read once for both.
//
//   lse_r = max_r + log sum_c e^(x_rc - max_r)
//   labels         loss = mean over rows of lse_r - x[r, label_r]
//                  dx_rc = (e^(x_rc - lse_r) - [c = label_r]) / rows
//   probabilities  loss = mean over rows of sum_c p_rc (lse_r - x_rc);  the p of a row need not sum to 1
//                  dx_rc = (e^(x_rc - lse_r) sum_c p_rc - p_rc) / rows
//
//   shapes       x, p, dx (rows, cols), labels (rows) int32 in [0, cols), loss one number.
//   dtypes       float32, float64.
//   backward     dx is the gradient of the loss itself; what comes from further up it is multiplied with by scale.hpp. Null
//                stands for none. No gradient reaches the target.
//   extremes     logits of +-1e30 do not overflow; p = 0 beside x = -inf counts 0; rows = 0 gives NaN (0 / 0), as PyTorch.
//   errors       a label outside [0, cols) names its row; on a GPU at the next download, and until then the loss and the
//                row's gradient are NaN. There also more than 2^22 columns, or 2^22 rows of more than 512 columns.
//   determinism  sums over columns and over rows in the fixed tree. A GPU has its own e^x and log, and agrees to a few ulp.
//   bytes        n, with the gradient 2n, times sizeof(T), n = rows cols; another n with probabilities
#pragma once

#include <cstdint>

#include "kernels/base/stream.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

struct CrossEntropy {
  static constexpr const char* name = "cross_entropy";
  static constexpr Words words{.forward = "the mean of −log softmax(x₁) at the label",
                               .local = {"(softmax(x₁) − one-hot) / rows"}};
};
struct SoftCrossEntropy {
  static constexpr const char* name = "soft_cross_entropy";
  static constexpr Words words{.forward = "the mean of −Σ x₂ log softmax(x₁)", .local = {"(softmax(x₁) − x₂) / rows"}};
};

struct Rows {
  std::int64_t rows, cols;
};

template <class T>
void cross_entropy(Stream&, Rows, const T* x, const std::int32_t* labels, T* loss, T* dx);
template <class T>
void soft_cross_entropy(Stream&, Rows, const T* x, const T* p, T* loss, T* dx);

}  // namespace wengert::kernels
