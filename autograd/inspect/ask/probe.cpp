#include "autograd/inspect/ask/probe.hpp"

#include "autograd/backward.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"

namespace wengert {
namespace {

double dot(const Tensor& a, const Tensor& b) { return sum(a * b).item<double>(); }

}  // namespace

Probe::Probe(const Function& f, const std::vector<Tensor>& inputs, std::uint32_t seed) : f_(f), random_(seed) {
  for (const Tensor& input : inputs) x_.push_back(Var::parameter(input.to(DType::f64).clone()));
  const Var y = f_(x_);
  require_defined("gradcheck", "the function's result", y);
  upstream_ = random(y.shape());
  if (y.requires_grad()) backward(y, upstream_);
}

Tensor Probe::random(const Shape& shape) {
  std::uniform_real_distribution<> size(0.5, 1.5);
  std::vector<double> values(static_cast<std::size_t>(shape.numel()));
  for (double& value : values) value = (random_() % 2 == 0 ? 1 : -1) * size(random_);
  return Tensor::from(values, shape, DType::f64);
}

double Probe::here() const {
  const NoGrad guard;
  return dot(f_(x_).detach(), upstream_);
}

double Probe::moved(std::size_t input, const Tensor& direction, double distance) const {
  const Tensor x = x_[input].detach(), before = x.clone();
  x.assign(before + direction * distance);
  const double value = here();
  x.assign(before);
  return value;
}

std::optional<double> Probe::slope(std::size_t input, const Tensor& direction) const {
  const std::optional<Tensor> gradient = x_[input].grad();
  return gradient ? std::optional(dot(*gradient, direction)) : std::nullopt;
}

Explanation Probe::explain(std::size_t input) const {
  const Inspect scope;
  return wengert::explain(f_(x_), x_[input]);
}

}  // namespace wengert
