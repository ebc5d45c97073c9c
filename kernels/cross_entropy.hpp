// Softmax cross-entropy from logits, fused: no probabilities are stored, only a number or two per row.
//
//   lse_r = max_r + log sum_c e^(x_rc - max_r)
//   labels         loss = mean over rows of lse_r - x[r, label_r]
//                  dx_rc = dloss / rows * (e^(x_rc - lse_r) - [c = label_r])
//   probabilities  loss = mean over rows of sum_c p_rc (lse_r - x_rc);  the p of a row need not sum to 1
//                  dx_rc = dloss / rows * (e^(x_rc - lse_r) sum_c p_rc - p_rc)
//
//   shapes       x (rows, cols), labels (rows) int32 in [0, cols), p (rows, cols), lse (rows), loss one number.
//   dtypes       float32, float64.
//   backward     reads x, lse and the target; `mass` is sum_c p_rc. No gradient reaches the target.
//   extremes     logits of +-1e30 do not overflow; p = 0 beside x = -inf counts 0; rows = 0 gives NaN (0 / 0), as PyTorch.
//   errors       a label outside [0, cols) names its row; on a GPU at the next download, and until then the loss and the
//                row's gradient are NaN. There also more than 2^22 columns, or 2^22 rows of more than 512 columns.
//   determinism  sums over columns and over rows in the fixed tree. A GPU's forward has its own e^x and log, and agrees to
//                a few ulp; the gradient, given the same lse, has the same bits everywhere.
//   bytes        forward n, backward 2n, times sizeof(T), n = rows cols; twice the reads with probabilities
#pragma once

#include <cstdint>

#include "kernels/sink.hpp"
#include "kernels/stream.hpp"

namespace wengert::kernels {

struct Rows {
  std::int64_t rows, cols;
};

template <class T>
void cross_entropy(Stream&, Rows, const T* x, const std::int32_t* labels, T* lse, T* loss);
template <class T>
void cross_entropy_backward(Stream&, Rows, const T* x, const std::int32_t* labels, const T* lse, const T* dloss,
                            Sink<T> dx);
template <class T>
void soft_cross_entropy(Stream&, Rows, const T* x, const T* p, T* lse, T* mass, T* loss);
template <class T>
void soft_cross_entropy_backward(Stream&, Rows, const T* x, const T* p, const T* lse, const T* mass, const T* dloss,
                                 Sink<T> dx);

}  // namespace wengert::kernels
