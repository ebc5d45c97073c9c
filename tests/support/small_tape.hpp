// Named parameters, and a graph small enough to know every number of its tape by heart.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"

namespace wengert::testing {

inline Var parameter(const std::string& name, std::initializer_list<Tensor::AnyNumber> values) {
  return named(name, Var::parameter(Tensor::from(values, {static_cast<std::int64_t>(values.size())})));
}

// z = a b + a, loss = sum z^2, for a = (1, 2), b = (3, -1): z = (4, 0), dz = (8, 0), da = dz (b + 1) = (32, 0).
struct Small {
  Inspect scope;
  Var a = parameter("a", {1, 2});
  Var b = parameter("b", {3, -1});
  Var product = a * b;
  Var z = named("z", product + a);
  Var squares = square(z);
  Var loss = named("loss", sum(squares));
};

}  // namespace wengert::testing
