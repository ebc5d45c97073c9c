// One optimiser step over a contiguous range of parameters, and what clips gradients beforehand.
//
//   sgd     g' = g + weight_decay p;  v = momentum v + g' (v = g' without momentum);  p -= lr v
//   adam    g' = g + weight_decay p;  m = beta1 m + (1 - beta1) g';  v = beta2 v + (1 - beta2) g'^2;
//           p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)   (Kingma & Ba 2015, as PyTorch's Adam)
//   moments below the least normal number become 0: v of sgd, m of adam
//   clip    norm = sqrt(sum of all g^2);  g *= min(1, max_norm / (norm + 1e-6))    (as torch.nn.utils.clip_grad_norm_)
//
//   shapes       g, p, m, v have n elements. lr (float64) and t (int32, one per parameter tensor) are in memory that the
//                device reads, so that a captured step can be replayed with new values.
//   stop         if *stop is not 0 (a loss was not finite) nothing is written. It may be null.
//   t            counted up by count_step before adam reads it.
//   dtypes       float32, float64.   determinism  elementwise; norms in the fixed tree.
//   errors       on a GPU, sum_squares of more than 2^34 elements, clip_factor of more than 2^22 sums
//   bytes        sgd 3n (5n with momentum), adam 7n, times sizeof(T)
#pragma once

#include <cstdint>

#include "kernels/base/stream.hpp"

namespace wengert::kernels {

struct SgdRule {
  double momentum, weight_decay;
};
struct AdamRule {
  double beta1, beta2, eps, weight_decay;
};

/// v is null without momentum.
template <class T>
void sgd(Stream&, SgdRule, std::int64_t n, const double* lr, const std::int32_t* stop, const T* g, T* v, T* p);
/// Each of the n counts t += 1 unless stopped.
void count_step(Stream&, std::int64_t n, const std::int32_t* stop, std::int32_t* t);
template <class T>
void adam(Stream&, AdamRule, std::int64_t n, const double* lr, const std::int32_t* stop, const std::int32_t* t,
          const T* g, T* m, T* v, T* p);

/// *flag = 1 if any of the n values is infinite or NaN; otherwise it is left as it is.
template <class T>
void flag_nonfinite(Stream&, std::int64_t n, const T* x, std::int32_t* flag);

template <class T>
void sum_squares(Stream&, std::int64_t n, const T* x, T* sum);
/// norm = sqrt(sum of the partial sums); factor = min(1, max_norm / (norm + 1e-6)).
template <class T>
void clip_factor(Stream&, std::int64_t partials, const T* sums, double max_norm, T* norm, T* factor);

}  // namespace wengert::kernels
