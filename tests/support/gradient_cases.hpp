// A table of functions whose gradients are checked one after another.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/gradcheck.hpp"

namespace wengert::testing {

using Vars = std::vector<Var>;

struct GradientCase {
  const char* name;
  Function f;
  std::vector<Tensor> at;
};

inline void check(const std::vector<GradientCase>& cases) {
  for (const GradientCase& one : cases) {
    CAPTURE(one.name);
    CHECK(gradcheck(one.f, one.at) == "");
  }
}

}  // namespace wengert::testing
