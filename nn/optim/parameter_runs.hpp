// How a list of parameters is cut for passes over whole ranges.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "autograd/launch.hpp"
#include "autograd/var.hpp"
#include "kernels/base/memory.hpp"

namespace wengert::optim {

/// Frozen is not moved, and neither is what no gradient has reached: absent is not zero.
inline bool moves(const Var& parameter) { return parameter.node()->has_gradient && !parameter.node()->frozen; }

/// Each parameter once, in the order in which they come first.
std::vector<Var> distinct(const std::vector<Var>& parameters);

/// Parameters [first, last) of a list: neighbours in memory, and so are their gradients.
struct ParameterRun {
  std::size_t first, last;
  Neighbours values, gradients;
  std::int64_t numel;
};

inline bool joins(const Tensor& before, const Tensor& after) {
  return before.data<char>() + before.numel() * static_cast<std::int64_t>(size_of(before.dtype())) ==
         after.data<char>();
}

/// f(run) for the longest runs of parameters that move. may_join(i) tells whether parameter i may be in a run with i
/// - 1.
template <class MayJoin, class F>
void for_runs(std::span<const Var> parameters, const MayJoin& may_join, const F& f) {
  PoolVector<Tensor> values, gradients;
  values.reserve(parameters.size());
  gradients.reserve(parameters.size());
  for (std::size_t i = 0; i < parameters.size();) {
    if (!moves(parameters[i])) {
      ++i;
      continue;
    }
    values.clear();
    gradients.clear();
    ParameterRun run{i, i, {}, {}, 0};
    for (; i < parameters.size() && moves(parameters[i]); ++i) {
      const Tensor& value = Operand(parameters[i]).value;
      const Tensor& gradient = parameters[i].node()->gradient;
      if (i > run.first && !(may_join(i) && joins(values.back(), value) && joins(gradients.back(), gradient))) break;
      values.push_back(value);
      gradients.push_back(gradient);
      run.numel += value.numel();
    }
    run.last = i;
    run.values = values;
    run.gradients = gradients;
    f(run);
  }
}

}  // namespace wengert::optim
