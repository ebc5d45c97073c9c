#include "nn/optim/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/base/error.hpp"
#include "nn/optim/optimizer.hpp"

namespace wengert::optim {
namespace {

std::int64_t length_of_cycle(std::int64_t steps, std::int64_t cycles) {
  if (steps < 1 || cycles < 1 || cycles > steps) {
    fail("cyclic: takes 1 <= cycles <= steps, got ", steps, " steps and ", cycles, " cycles");
  }
  return steps / cycles + (steps % cycles > 0);
}

}  // namespace

cosine::cosine(double lr, std::int64_t steps) : lr_(lr), steps_(steps) {
  require_not_negative("cosine", "lr", lr);
  if (steps < 1) fail("cosine: takes at least 1 step, got ", steps);
}

double cosine::operator()(std::int64_t step) const {
  const double progress = static_cast<double>(std::clamp<std::int64_t>(step, 0, steps_)) / static_cast<double>(steps_);
  return lr_ / 2 * (1 + std::cos(std::numbers::pi * progress));
}

cyclic::cyclic(double lr, std::int64_t steps, std::int64_t cycles)
    : cycle_(lr, length_of_cycle(steps, cycles)), length_(length_of_cycle(steps, cycles)) {}

double cyclic::operator()(std::int64_t step) const { return cycle_(std::max<std::int64_t>(step, 0) % length_); }

}  // namespace wengert::optim
