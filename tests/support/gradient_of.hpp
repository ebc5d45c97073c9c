// The gradient that a loss alone leaves, as one array.
#pragma once

#include <vector>

#include "autograd/backward.hpp"
#include "nn/module.hpp"

namespace wengert::testing {

inline std::vector<double> gradient_of(const std::vector<Var>& parameters, const Var& loss) {
  for (const Var& parameter : parameters) parameter.zero_grad();
  backward(loss);
  std::vector<double> all;
  for (const Var& parameter : parameters) {
    for (const double g : parameter.grad()->to_vector<double>()) all.push_back(g);
  }
  return all;
}
inline std::vector<double> gradient_of(const nn::Module& model, const Var& loss) {
  return gradient_of(model.parameters(), loss);
}
inline std::vector<double> gradient_of(const Var& parameter, const Var& loss) {
  return gradient_of(std::vector{parameter}, loss);
}

}  // namespace wengert::testing
