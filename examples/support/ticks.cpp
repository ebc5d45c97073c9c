#include "examples/support/ticks.hpp"

#include <array>
#include <cmath>

namespace wengert::examples {

double tick_step(double range) {
  const double power = std::pow(10, std::floor(std::log10(range / 4)));
  for (const double factor : std::array{5., 2.}) {
    if (factor * power * 4 <= range) return factor * power;
  }
  return power;
}

}  // namespace wengert::examples
