// Adam.
#pragma once

#include "nn/named_tensor.hpp"
#include "nn/optim/finite_guard.hpp"
#include "nn/optim/optimizer.hpp"

namespace wengert::optim {

struct AdamOptions {
  double lr = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

/// As torch.optim.Adam (Kingma & Ba 2015; weight decay is added to the gradient). Formula: kernels/ops/optimizer/optimizer.hpp. Each
/// parameter counts its own steps, because those that are frozen, or that no gradient has reached, are not moved at
/// all. Parameters that a captured step moves together must stay together: to step only some of them is an Error.
class Adam : public Optimizer {
 public:
  explicit Adam(const std::vector<Var>& parameters, AdamOptions options = {});
  void step(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { step(Tensor(), {file, line}); }
  /// Writes nothing once the guard has tripped.
  void step(const FiniteGuard& guard, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    step(guard.flag(), {file, line});
  }

  /// first_moment and second_moment, a number for each element of the parameters, and steps (int32), one for each
  /// parameter: views. Whoever saves them, and assigns them to those of a new Adam, continues where the old one was, if
  /// all parameters have moved in every step.
  std::vector<nn::NamedTensor> state() const;

 private:
  void step(const Tensor& stop, Where where);
  void part_ways(std::size_t i);
  AdamOptions options_;
  Tensor first_moment_, second_moment_;
  Tensor steps_;  // int32, one per parameter
  // Whether a parameter has always moved when the one before it did: one count serves both. And whether a captured step
  // relies on that.
  std::vector<bool> together_, captured_together_;
};

}  // namespace wengert::optim
