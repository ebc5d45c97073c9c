// Learning rates as functions of the step's number, counted from 0.
#pragma once

#include <cstdint>

namespace wengert::optim {

/// From lr down to 0 in one half cosine: lr/2 (1 + cos(pi t / steps)), Loshchilov & Hutter 2017. 0 from `steps` on.
struct cosine {
  cosine(double lr, std::int64_t steps);
  double operator()(std::int64_t step) const;

 private:
  double lr_;
  std::int64_t steps_;
};

/// `cycles` such descents one after another, each of ceil(steps / cycles) steps: the rate of snapshot ensembles, Huang
/// et al. 2017, eq. 2.
struct cyclic {
  cyclic(double lr, std::int64_t steps, std::int64_t cycles);
  double operator()(std::int64_t step) const;

 private:
  cosine cycle_;
  std::int64_t length_;
};

}  // namespace wengert::optim
