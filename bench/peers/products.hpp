// The affine layer as three products and a sum of columns, for those who bring nothing but the products.
#pragma once

#include "bench/contest.hpp"

namespace wengert::bench {

/// The operands and results of y = x W^T + b and its gradients, row-major.
class ProductRun : public Run {
 public:
  explicit ProductRun(const Problem& problem)
      : rows(problem.sizes[0]), in(problem.sizes[1]), out(problem.sizes[2]), with_backward(problem.work == "linear") {}
  std::vector<float> result() override {
    std::vector<float> values;
    const auto append = [&](const std::vector<float>& part) {
      sample(part.data(), static_cast<std::int64_t>(part.size()), values);
    };
    append(y);
    if (!with_backward) return values;
    append(dx);
    append(dweight);
    append(dbias);
    return values;
  }

 protected:
  const std::int64_t rows, in, out;
  const bool with_backward;
  const std::vector<float> x = numbers(rows * in, 1), weight = numbers(out * in, 2), bias = numbers(out, 3),
                           dy = numbers(rows * out, 4);
  std::vector<float> y = numbers(rows * out, 5), dx = numbers(rows * in, 5), dweight = numbers(out * in, 5),
                     dbias = numbers(out, 5);
};

/// A contestant that does "linear" and "linear_forward".
template <class P>
Contestant of_products(const std::string& name) {
  return {name, [](const Problem& problem) -> std::unique_ptr<Run> {
            return problem.work.starts_with("linear") ? std::make_unique<P>(problem) : nullptr;
          }};
}

}  // namespace wengert::bench
