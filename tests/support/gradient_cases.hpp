// A table of functions whose gradients are checked one after another.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "autograd/inspect/ask/gradcheck.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/var.hpp"

namespace wengert::testing {

using Vars = std::vector<Var>;

struct GradientCase {
  const char* name;
  std::function<Var(const Vars&)> f;
  std::vector<Tensor> at;
};

/// Along a random direction of each input, in float64, whose rounding leaves about 9 digits of a difference.
inline void check(const std::vector<GradientCase>& cases) {
  for (const GradientCase& one : cases) {
    CAPTURE(one.name);
    const Gradcheck result =
        gradcheck(one.f, one.at, {.along = GradcheckOptions::Along::directions, .tolerance = 1e-7});
    INFO(result);
    CHECK(result.passed());
    CHECK(result.largest > 0);  // otherwise nothing was tested
  }
}

}  // namespace wengert::testing
