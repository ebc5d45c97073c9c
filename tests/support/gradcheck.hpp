// The gradient of any function of Vars against finite differences, by random projection.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/var.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::testing {

using Function = std::function<Var(const std::vector<Var>&)>;

/// Empty if, for a random upstream u and random directions v, sum(grad . v) by backward agrees with the central
/// difference of sum(u f(x + h v)) along v; in float64, whose rounding leaves about 9 digits of it. A random upstream,
/// because ones hide mistakes in ops whose outputs sum to a constant.
inline std::string gradcheck(const Function& f, const std::vector<Tensor>& at, double tolerance = 1e-7) {
  std::vector<Var> x;
  for (const Tensor& value : at) x.push_back(Var::parameter(value.to(DType::f64).clone()));
  const Var y = f(x);
  const Tensor upstream = randn(y.shape(), 0, 1, DType::f64);
  backward(y, upstream);

  std::vector<double> slopes, expected;
  for (const Var& one : x) {
    const Tensor direction = randn(one.shape(), 0, 1, DType::f64);
    const Tensor here = one.detach().clone();
    const auto moved = [&](double h) {
      const NoGrad guard;
      one.detach().assign(here + direction * h);
      const double value = sum(f(x).detach() * upstream).item<double>();
      one.detach().assign(here);
      return value;
    };
    const double h = 1e-5;
    expected.push_back((moved(h) - moved(-h)) / (2 * h));
    const auto gradient = one.grad();
    slopes.push_back(gradient ? sum(*gradient * direction).item<double>() : 0);
  }
  return difference(slopes, expected, tolerance);
}

}  // namespace wengert::testing
