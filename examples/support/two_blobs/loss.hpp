// What two_blobs minimises, as Vars of one evaluation and as numbers.
#pragma once

#include "autograd/var.hpp"
#include "examples/support/numbers.hpp"

namespace wengert::examples {

struct Losses {
  float bce = 0, similarity = 0;
};

/// total = fit + push, where push = strength * similarity. Without a push total is fit, and the last two are empty.
struct Loss {
  Var total, fit, similarity, push;

  bool pushed() const { return similarity.defined(); }
  Losses values() const { return {unsigned_nan(fit.item()), pushed() ? unsigned_nan(similarity.item()) : 0}; }
};

}  // namespace wengert::examples
