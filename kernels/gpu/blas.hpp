// Products by a library, as a baseline.
#pragma once

#include "kernels/base/sink.hpp"

namespace wengert::kernels {

struct MatmulShape;

namespace gpu {

class Blas {
 public:
  virtual ~Blas() = default;
  /// C = op(A) op(B) in float32, as kernels/ops/matmul/matmul.hpp says; neither m nor n is 0, and c is wanted.
  virtual void product(const MatmulShape&, const float* a, const float* b, const Sink<float>& c) = 0;
};

}  // namespace gpu
}  // namespace wengert::kernels
