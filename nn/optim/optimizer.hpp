// What SGD and Adam share: the parameters, the learning rate, clearing gradients.
#pragma once

#include <vector>

#include "autograd/var.hpp"

namespace wengert::optim {

/// Holds its parameters where they are: a module can take no more parts from then on. They stay alive with it, also where
/// their module moves or goes. Every use of an optimiser that was moved from, other than giving it a new value, is an
/// Error.
class Optimizer {
 public:
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(Optimizer&&) = default;
  Optimizer(const Optimizer&) = delete;  // two that move the same parameters would each know half of the steps
  Optimizer& operator=(const Optimizer&) = delete;
  void zero_grad() const;  ///< makes every gradient absent
  double lr() const;
  /// The rate from the next step on, of replayed captures too. Error: negative or not finite; inside a capture.
  void set_lr(double lr) const;

 protected:
  ~Optimizer() = default;
  /// Errors: no parameters, a Var that is none, mixed dtypes or devices. One that is given twice is moved once.
  Optimizer(const char* name, const std::vector<Var>& parameters, double lr);
  Device device() const { return parameters_.front().device(); }
  Tensor zeros() const;                          ///< state: a number for each parameter's element
  void require_present(const char* what) const;  ///< throws if this optimiser was moved from
  /// The part of the state that belongs to parameters from `first` on.
  Tensor part(const Tensor& state, std::size_t first, std::int64_t numel) const;

  std::vector<Var> parameters_;
  std::vector<std::int64_t> offsets_;  // of each parameter in the state
  Tensor lr_;                          // float64, in the device's memory, so that captures see it change
};

/// Throws if an option is negative, infinite or not a number.
void require_not_negative(const char* optimizer, const char* option, double value);

}  // namespace wengert::optim
