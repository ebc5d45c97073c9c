// Stochastic gradient descent.
#pragma once

#include "nn/named_tensor.hpp"
#include "nn/optim/finite_guard.hpp"
#include "nn/optim/optimizer.hpp"

namespace wengert::optim {

struct SGDOptions {
  double lr = 0.001;
  double momentum = 0;
  double weight_decay = 0;
};

/// As torch.optim.SGD: g' = g + weight_decay p; v = momentum v + g'; p -= lr v. Parameters that are frozen, or that no
/// gradient has reached, are not moved at all: not by momentum or decay either.
class SGD : public Optimizer {
 public:
  explicit SGD(const std::vector<Var>& parameters, SGDOptions options = {});
  void step(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { step(Tensor(), {file, line}); }
  /// Writes nothing once the guard has tripped.
  void step(const FiniteGuard& guard, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    step(guard.flag(), {file, line});
  }

  /// velocity, a number for each element of the parameters, or nothing without momentum: a view, to be saved and assigned
  /// as Adam's.
  std::vector<nn::NamedTensor> state() const;

 private:
  void step(const Tensor& stop, Where where);
  SGDOptions options_;
  Tensor velocity_;
};

}  // namespace wengert::optim
