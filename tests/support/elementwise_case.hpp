// The engine's function for each op of the elementwise table, with numbers where it is smooth and points where it is not.
//
// An op's file in tests/support/cases adds this beside its OpCase, under the same name. What holds for every elementwise
// op is tested on elementwise_cases(); tests/autograd/elementwise.cpp fails where an op of the table has no case.
#pragma once

#include <functional>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

#include "autograd/var.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {

/// What an op of one operand gives at a kink, a pole, or where it saturates. NaN stands for any NaN.
struct Point {
  double x, value, slope;
};

struct ElementwiseCase {
  std::string name;
  const std::type_info& op;  ///< its type in the table
  const char* op_name;
  std::vector<InputRange> operands;
  std::function<Tensor(const std::vector<Tensor>&)> of_tensors;
  std::function<Var(const std::vector<Var>&)> of_vars;
  std::vector<Point> points{};
};

inline std::vector<ElementwiseCase>& elementwise_cases() {
  static std::vector<ElementwiseCase> cases;
  return cases;
}

/// f(x) is the engine's function, of Tensors and of Vars.
template <class Op, class F>
void add_elementwise(std::string name, const InputRange& range, F f, std::vector<Point> points) {
  const auto call = [f](const auto& x) { return f(x[0]); };
  elementwise_cases().push_back({std::move(name), typeid(Op), Op::name, {range}, call, call, std::move(points)});
}

/// The same of f(a, b).
template <class Op, class F>
void add_elementwise(std::string name, const InputRange& a, const InputRange& b, F f) {
  const auto call = [f](const auto& x) { return f(x[0], x[1]); };
  elementwise_cases().push_back({std::move(name), typeid(Op), Op::name, {a, b}, call, call});
}

}  // namespace wengert::testing
