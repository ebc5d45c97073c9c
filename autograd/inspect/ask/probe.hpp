// A function of several tensors as a function of one number, for those who measure its slopes. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <vector>

#include "autograd/inspect/ask/explain.hpp"
#include "autograd/tensor.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// sum(u f) for a random u of the result's shape, in float64; backward has run over it once.
class Probe {
 public:
  using Function = std::function<Var(const std::vector<Var>&)>;
  Probe(const Function& f, const std::vector<Tensor>& inputs, std::uint32_t seed);

  const Shape& shape(std::size_t input) const { return x_[input].shape(); }
  std::int64_t results() const { return upstream_.numel(); }
  /// Numbers of size 1/2 to 3/2, so that none hides an element.
  Tensor random(const Shape& shape);

  /// The value where the inputs are, and where one of them is moved.
  double here() const;
  double moved(std::size_t input, const Tensor& direction, double distance) const;
  /// What backward says of a direction; empty where no gradient arrived.
  std::optional<double> slope(std::size_t input, const Tensor& direction) const;
  Explanation explain(std::size_t input) const;

 private:
  const Function& f_;
  std::minstd_rand random_;
  std::vector<Var> x_;
  Tensor upstream_;
};

/// One slope, measured both ways.
struct Slope {
  std::size_t input;
  std::vector<std::int64_t> entry;
  Tensor direction;
  std::optional<double> analytic;
  double numeric, noise;  ///< noise: what the rounding of two values makes of their difference
};

/// What makes the two differ, as far as more evaluations can tell; empty where they cannot.
std::string cause_of_mismatch(const Probe& probe, const Slope& slope, double step);

}  // namespace wengert
